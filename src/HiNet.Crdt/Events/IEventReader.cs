namespace HiNet.Crdt.Events;

/// <summary>
/// Reads the events of conversations out of the store. Not thread-safe: each subscription has its own.
/// </summary>
internal interface IEventReader
{
    /// <summary>The cursor of the newest durable entry.</summary>
    EventCursor LastCursor(ConversationId conversation);

    /// <summary>
    /// The events behind <paramref name="after"/>, in the order of arrival, at least one if there is one; more than
    /// <paramref name="limit"/> only where one entry brings several, which are never parted. Fewer mean that there are no more.
    /// </summary>
    IReadOnlyList<ConversationEvent> Events(ConversationId conversation, EventCursor after, int limit);
}
