namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>A node's health.</summary>
/// <param name="Peers">Keys of the nodes with an open link.</param>
/// <param name="Conversations">How many conversations are held.</param>
/// <param name="Entries">Applied entries over all conversations.</param>
/// <param name="Problem">Null when all is well; else one sentence.</param>
/// <param name="Identity">The person.</param>
/// <param name="Device">This device.</param>
/// <param name="Node">This node.</param>
/// <param name="Listen">The bound address, or null.</param>
/// <param name="Addresses">Addresses (host:port) at which others are told to reach the node.</param>
public sealed record NodeStatusInfo(
    IReadOnlyList<string> Peers,
    int Conversations,
    long Entries,
    string? Problem,
    string Identity,
    string Device,
    string Node,
    string? Listen,
    IReadOnlyList<string> Addresses);
