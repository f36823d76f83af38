namespace HiNet.Crdt.Core.Log;

/// <summary>What an <see cref="EquivocationProof"/> proves.</summary>
/// <param name="Device">Who wrote both.</param>
/// <param name="Conversation">Where.</param>
/// <param name="Seq">The seq that has two entries.</param>
/// <param name="First">The branch of the lower id, from that seq to the signed entry; without bodies.</param>
/// <param name="Second">The other branch.</param>
public sealed record ProvenEquivocation(
    DeviceId Device,
    ConversationId Conversation,
    ulong Seq,
    IReadOnlyList<Entry> First,
    IReadOnlyList<Entry> Second);
