namespace HiNet.Crdt;

/// <summary>A member's device can write in this conversation.</summary>
public sealed record DeviceAdded(ConversationId Conversation, EventCursor Cursor, DateTimeOffset Time, Person Member, DeviceId Device)
    : ConversationEvent(Conversation, Cursor, Time);
