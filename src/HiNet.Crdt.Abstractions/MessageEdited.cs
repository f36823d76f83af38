namespace HiNet.Crdt;

/// <summary>An author changed the text of an own message.</summary>
public sealed record MessageEdited(ConversationId Conversation, EventCursor Cursor, DateTimeOffset Time, EntryId Message, Person Author, string Text)
    : ConversationEvent(Conversation, Cursor, Time);
