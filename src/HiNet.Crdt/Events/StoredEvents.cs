using HiNet.Crdt.Core.Engine.Reading;

namespace HiNet.Crdt.Events;

/// <summary>The events that the store holds, through a reader of the subscription's own.</summary>
internal sealed class StoredEvents(NodeReader reader) : IEventReader
{
    public EventCursor LastCursor(ConversationId conversation) => reader.LastCursor(conversation);

    public IReadOnlyList<ConversationEvent> Events(ConversationId conversation, EventCursor after, int limit) =>
        reader.Events(conversation, after, limit);
}
