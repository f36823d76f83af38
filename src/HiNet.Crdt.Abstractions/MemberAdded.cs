namespace HiNet.Crdt;

/// <summary>A member joined: named by the creator, or added since.</summary>
public sealed record MemberAdded(ConversationId Conversation, EventCursor Cursor, DateTimeOffset Time, Person Member, Person By, Role Role)
    : ConversationEvent(Conversation, Cursor, Time);
