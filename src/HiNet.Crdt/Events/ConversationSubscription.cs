using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Events;

/// <summary>
/// A place in a conversation's order of arrival and an observer. The log is the buffer: all that is held is a cursor and the
/// page being delivered, however far the observer lags.
/// </summary>
internal sealed class ConversationSubscription : Subscription<ConversationEvent>
{
    private const int FirstPage = 16;
    private const int LargestPage = 256;

    private readonly ConversationId _conversation;
    private readonly IEventReader _reader;
    private ulong _cursor;
    private ulong _published;
    private int _limit = FirstPage;

    internal ConversationSubscription(
        ConversationId conversation, EventCursor after, IEventReader reader, IObserver<ConversationEvent> observer, ILogger logger)
        : base(observer, logger)
    {
        _conversation = conversation;
        _reader = reader;
        _cursor = after.Position;
    }

    /// <summary>Everything up to a cursor can be read; one thread at a time.</summary>
    internal void Publish(EventCursor upTo)
    {
        if (upTo.Position > Volatile.Read(ref _published))
        {
            Volatile.Write(ref _published, upTo.Position);
        }

        Signal();
    }

    protected override IReadOnlyList<ConversationEvent> Next()
    {
        var published = Volatile.Read(ref _published);
        var page = _reader.Events(_conversation, new EventCursor(_cursor), _limit);
        if (page.Count == 0)
        {
            // Entries may bring no event: what was published before the reading began need not be read again.
            _cursor = Math.Max(_cursor, published);
            _limit = FirstPage;
        }
        else
        {
            // Live events come in small pages; whoever reads from afar is given larger ones.
            _limit = page.Count < _limit ? FirstPage : Math.Min(2 * _limit, LargestPage);
        }

        return page;
    }

    protected override void Delivering(ConversationEvent item) => _cursor = item.Cursor.Position;
}
