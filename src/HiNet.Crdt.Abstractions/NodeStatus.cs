namespace HiNet.Crdt;

/// <summary>A node's health at a glance.</summary>
/// <param name="Peers">Nodes with an open link.</param>
/// <param name="Conversations">How many conversations are listed: groups, and direct ones in which anything was said.</param>
/// <param name="Entries">Applied entries of the listed conversations.</param>
/// <param name="Problem">Null when all is well; else one sentence.</param>
public sealed record NodeStatus(IReadOnlyList<NodeId> Peers, int Conversations, long Entries, string? Problem);
