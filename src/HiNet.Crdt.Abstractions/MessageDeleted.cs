namespace HiNet.Crdt;

/// <summary>An author deleted an own message; its text is gone from this node.</summary>
public sealed record MessageDeleted(ConversationId Conversation, EventCursor Cursor, DateTimeOffset Time, EntryId Message, Person Author)
    : ConversationEvent(Conversation, Cursor, Time);
