namespace HiNet.Crdt;

/// <summary>A group began, with these people.</summary>
public sealed record GroupCreated(
    ConversationId Conversation,
    EventCursor Cursor,
    DateTimeOffset Time,
    Person By,
    string Name,
    IReadOnlyList<Person> Members)
    : ConversationEvent(Conversation, Cursor, Time);
