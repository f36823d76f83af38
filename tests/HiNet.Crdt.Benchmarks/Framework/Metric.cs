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

    /// <summary>Processor time, in percent of one core.</summary>
    public const string CorePercent = "corePercent";

    /// <summary>Bytes a second, in both directions.</summary>
    public const string BytesPerSecond = "bytesPerSecond";

    /// <summary>Seconds in all.</summary>
    public const string Seconds = "seconds";

    /// <summary>Resident memory, in millions of bytes.</summary>
    public const string Megabytes = "megabytes";

    /// <summary>Lookups that found what they should have, in percent: of those of nodes and those of records the part that is lower.</summary>
    public const string Found = "found";

    /// <summary>Lookups that found the nearest node, in percent.</summary>
    public const string NodesFound = "nodesFound";

    /// <summary>Records that were found, in percent.</summary>
    public const string RecordsFound = "recordsFound";

    /// <summary>Queries one after the other in a lookup, mean.</summary>
    public const string Hops = "hops";

    /// <summary>Queries in all in a lookup, mean.</summary>
    public const string Queries = "queries";

    /// <summary>Milliseconds of virtual time, mean.</summary>
    public const string VirtualMilliseconds = "virtualMilliseconds";

    /// <summary>Bytes in datagrams that a node sends in a minute of virtual time.</summary>
    public const string BytesPerNodeMinute = "bytesPerNodeMinute";
}
