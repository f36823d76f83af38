namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>How a node is doing in the DHT.</summary>
/// <param name="Contacts">Nodes in the routing table.</param>
/// <param name="Depth">Leading bits that the nearest of them shares with this node, plus one; some log2 of the size of the network.</param>
/// <param name="Slots">Slots kept for others.</param>
/// <param name="Published">Own slots that are put again and again.</param>
/// <param name="Operations">Operations under way.</param>
/// <param name="Queries">Queries under way.</param>
/// <param name="Pairs">Nodes with whom a key is shared and remembered.</param>
/// <param name="TimeoutMilliseconds">How long a query waits for its answer just now.</param>
/// <param name="Observed">Where other nodes see this one (host:port); null before any said so. They may lie.</param>
public sealed record DhtStatsInfo(
    int Contacts,
    int Depth,
    int Slots,
    int Published,
    int Operations,
    int Queries,
    int Pairs,
    double TimeoutMilliseconds,
    string? Observed);
