namespace HiNet.Crdt.Core.Dht;

/// <summary>A node of the DHT in numbers.</summary>
public sealed record DhtStats
{
    /// <summary>Contacts in the routing table.</summary>
    public required int Contacts { get; init; }

    /// <summary>Leading bits that the nearest contact shares with this node, plus one; some log2 of the size of the network.</summary>
    public required int Depth { get; init; }

    /// <summary>Slots kept for others.</summary>
    public required int Slots { get; init; }

    /// <summary>Own slots that are put again and again.</summary>
    public required int Published { get; init; }

    /// <summary>Operations under way.</summary>
    public required int Operations { get; init; }

    /// <summary>Queries under way.</summary>
    public required int Queries { get; init; }

    /// <summary>Other nodes with whom a key is shared and remembered.</summary>
    public required int Pairs { get; init; }

    /// <summary>How long a query waits for its answer just now.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Where other nodes see this one, by most of the last that said so; null before any did. They may lie.</summary>
    public required Endpoint? Observed { get; init; }
}
