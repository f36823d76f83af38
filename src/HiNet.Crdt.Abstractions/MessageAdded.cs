namespace HiNet.Crdt;

/// <summary>A message, one's own included. Replayed later, it carries the text as it then reads.</summary>
public sealed record MessageAdded(ConversationId Conversation, EventCursor Cursor, Message Message)
    : ConversationEvent(Conversation, Cursor, Message.Time)
{
    /// <summary>The message's id.</summary>
    public EntryId Id => Message.Id;

    /// <summary>Who wrote it.</summary>
    public Person Author => Message.Author;

    /// <summary>Its text; empty when it has none to show.</summary>
    public string Text => Message.Text ?? string.Empty;
}
