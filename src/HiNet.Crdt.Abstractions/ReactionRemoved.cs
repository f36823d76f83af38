namespace HiNet.Crdt;

/// <summary>Someone took a reaction back.</summary>
public sealed record ReactionRemoved(ConversationId Conversation, EventCursor Cursor, DateTimeOffset Time, EntryId Message, Person Author, string Emoji)
    : ConversationEvent(Conversation, Cursor, Time);
