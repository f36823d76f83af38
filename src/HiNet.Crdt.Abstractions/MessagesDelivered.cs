namespace HiNet.Crdt;

/// <summary>A member has everything this node knew at the time; the messages' receipts say which.</summary>
public sealed record MessagesDelivered(ConversationId Conversation, EventCursor Cursor, DateTimeOffset Time, Person By)
    : ConversationEvent(Conversation, Cursor, Time);
