namespace HiNet.Crdt;

/// <summary>Someone reacted to a message.</summary>
public sealed record ReactionAdded(ConversationId Conversation, EventCursor Cursor, DateTimeOffset Time, EntryId Message, Person Author, string Emoji)
    : ConversationEvent(Conversation, Cursor, Time);
