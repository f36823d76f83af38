namespace HiNet.Crdt.Benchmarks.Framework;

/// <summary>One figure of one measurement.</summary>
/// <param name="Measurement">The name of the measurement.</param>
/// <param name="Value">The figure among those that it yields.</param>
internal readonly record struct Metric(string Measurement, string Value)
{
    /// <summary>Entries, messages or operations a second.</summary>
    public const string Rate = "rate";

    /// <summary>Simulated events a second.</summary>
    public const string EventRate = "eventRate";

    /// <summary>Bytes in both directions for each entry.</summary>
    public const string WireBytes = "wireBytes";

    /// <summary>Bytes in both directions in all.</summary>
    public const string Bytes = "bytes";

    /// <summary>How often one side had to wait for the other.</summary>
    public const string RoundTrips = "roundTrips";

    /// <summary>Median, in milliseconds.</summary>
    public const string P50 = "p50";

    /// <summary>99th percentile, in milliseconds.</summary>
    public const string P99 = "p99";

    /// <summary>Find-node, median, in milliseconds.</summary>
    public const string FindP50 = "findP50";

    /// <summary>Find-node, 99th percentile, in milliseconds.</summary>
    public const string FindP99 = "findP99";

    /// <summary>Put, median, in milliseconds.</summary>
    public const string PutP50 = "putP50";

    /// <summary>Put, 99th percentile, in milliseconds.</summary>
    public const string PutP99 = "putP99";

    /// <summary>Get, median, in milliseconds.</summary>
    public const string GetP50 = "getP50";

    /// <summary>Get, 99th percentile, in milliseconds.</summary>
    public const string GetP99 = "getP99";

    /// <summary>Seconds in all.</summary>
    public const string Seconds = "seconds";

    /// <summary>Resident memory, in millions of bytes.</summary>
    public const string Megabytes = "megabytes";
}
