namespace HiNet.Crdt;

/// <summary>
/// An author changed the text of an own message. Its <see cref="MessageAdded"/> may come later, or never, where the key that opens
/// the first version has not come: the message shows with this text all the same.
/// </summary>
public sealed record MessageEdited(ConversationId Conversation, EventCursor Cursor, DateTimeOffset Time, EntryId Message, Person Author, string Text)
    : ConversationEvent(Conversation, Cursor, Time);
