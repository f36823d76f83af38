namespace HiNet.Crdt;

/// <summary>A device wrote two entries in one place. Both are kept; the device is not to be trusted: a copy of its keys may be in use.</summary>
public sealed record EquivocationDetected(ConversationId Conversation, EventCursor Cursor, DateTimeOffset Time, Person Author, DeviceId Device, ulong Seq, EntryId First, EntryId Second)
    : ConversationEvent(Conversation, Cursor, Time);
