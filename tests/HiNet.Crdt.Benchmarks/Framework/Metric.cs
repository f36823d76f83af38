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

    /// <summary>Seconds in all.</summary>
    public const string Seconds = "seconds";

    /// <summary>Resident memory, in millions of bytes.</summary>
    public const string Megabytes = "megabytes";
}
