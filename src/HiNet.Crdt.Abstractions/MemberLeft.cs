namespace HiNet.Crdt;

/// <summary>A member left of their own will.</summary>
public sealed record MemberLeft(ConversationId Conversation, EventCursor Cursor, DateTimeOffset Time, Person Member)
    : ConversationEvent(Conversation, Cursor, Time);
