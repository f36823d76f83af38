namespace HiNet.Crdt;

/// <summary>A node to which a link is up.</summary>
/// <param name="Node">Its key.</param>
/// <param name="Identity">The person whose device was proved on the link; null while none was, as with a node of the DHT that shares nothing.</param>
/// <param name="Name">The reader's name for that person, else their own; null when neither is known.</param>
/// <param name="Address">host:port: what was dialled, or where the link came from; null for a stream that the application handed over.</param>
/// <param name="IsOutgoing">True when this node dialled.</param>
/// <param name="Conversations">Those that both are in, with the membership proved; ascending.</param>
public sealed record Peer(
    NodeId Node, IdentityId? Identity, string? Name, string? Address, bool IsOutgoing, IReadOnlyList<ConversationId> Conversations);
