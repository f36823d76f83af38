namespace HiNet.Crdt.Core.Engine;

/// <summary>A link that is up.</summary>
/// <param name="Link">Its number.</param>
/// <param name="Node">The key that the other end has proved.</param>
/// <param name="Identity">Whose device was proved on it; null while none was.</param>
/// <param name="Address">What was dialled; null for a link that came in or was handed over.</param>
/// <param name="IsInitiator">True when this end dialled.</param>
/// <param name="Conversations">Those that both ends are in, with the other's membership proved; ascending.</param>
public sealed record LinkSummary(
    LinkId Link, NodeId Node, IdentityId? Identity, string? Address, bool IsInitiator, IReadOnlyList<ConversationId> Conversations);
