namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>What the invariants need to know of an entry that a node has applied.</summary>
internal sealed record AppliedEntry(
    ConversationId Conversation,
    EntryId Id,
    DeviceId Device,
    ulong Seq,
    EntryId? Previous,
    IReadOnlyList<EntryId> Parents,
    ulong Time,
    bool IsMessage,
    uint Kind = 0)
{
    /// <summary>The epoch under which its body is sealed; null for control entries.</summary>
    public EntryId? Epoch { get; init; }

    public BodyState Body { get; init; }
}
