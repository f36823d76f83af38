using HiNet.Crdt.Core.Engine.Reading;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Events;

/// <summary>
/// A place in a conversation's order of arrival and an observer. The log is the buffer: all that is held is a cursor and the
/// page being delivered, however far the observer lags.
/// </summary>
internal sealed class ConversationSubscription(
    ConversationId conversation, EventCursor after, IEventReader reader, IObserver<ConversationEvent> observer, ILogger logger)
    : Subscription<ConversationEvent>(observer, logger)
{
    private readonly EventPages _pages = new(after);

    /// <summary>Everything up to a cursor can be read.</summary>
    internal void Publish(EventCursor upTo)
    {
        bool isNew;
        lock (Gate)
        {
            isNew = _pages.Published(upTo);
        }

        if (isNew)
        {
            Signal();
        }
    }

    protected override IReadOnlyList<ConversationEvent> Fetch()
    {
        EventCursor from;
        int limit;
        lock (Gate)
        {
            _pages.Begin();
            from = _pages.Cursor;
            limit = _pages.Limit;
        }

        return reader.Events(conversation, from, limit);
    }

    protected override void Fetched(int count) => _pages.Fetched(count);

    protected override void Delivering(ConversationEvent item) => _pages.Delivering(item.Cursor);
}
