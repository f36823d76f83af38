namespace HiNet.Crdt;

/// <summary>An entry of a kind that this version does not know. It is kept and passed on.</summary>
public sealed record UnsupportedEntryAdded(ConversationId Conversation, EventCursor Cursor, DateTimeOffset Time, Person Author, EntryId Entry, uint Kind)
    : ConversationEvent(Conversation, Cursor, Time);
