namespace HiNet.Crdt;

/// <summary>A member has read a message and all before it.</summary>
public sealed record MessagesRead(ConversationId Conversation, EventCursor Cursor, DateTimeOffset Time, Person By, EntryId UpTo)
    : ConversationEvent(Conversation, Cursor, Time);
