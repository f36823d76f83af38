namespace HiNet.Crdt;

/// <summary>A member may do more, or less, than before.</summary>
public sealed record RoleChanged(ConversationId Conversation, EventCursor Cursor, DateTimeOffset Time, Person Member, Person By, Role Role)
    : ConversationEvent(Conversation, Cursor, Time);
