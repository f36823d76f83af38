namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>
/// The events of one conversation on one node. The log is the buffer: each subscriber has a cursor and reads what lies between
/// it and what has been published. Subscriptions outlive a crash of the node, as those of an application do that keeps its cursor.
/// </summary>
internal sealed class EventFeed(SimulatedNode node, ConversationId conversation)
{
    private const int PageSize = 256;

    private readonly List<Subscription> _subscriptions = [];

    public EventCursor Published { get; private set; }

    public void Publish(EventCursor upTo)
    {
        Published = upTo.CompareTo(Published) > 0 ? upTo : Published;
        foreach (var subscription in _subscriptions.ToArray())
        {
            subscription.CatchUp();
        }
    }

    /// <summary>The log was put back as it was earlier: nothing is published yet, and subscriptions end.</summary>
    public void Restart()
    {
        _subscriptions.Clear();
        Published = EventCursor.Start;
    }

    public IDisposable Subscribe(EventCursor from, IObserver<ConversationEvent> observer)
    {
        var subscription = new Subscription(this, from, observer);
        _subscriptions.Add(subscription);
        subscription.CatchUp();
        return subscription;
    }

    private IReadOnlyList<ConversationEvent> Read(EventCursor after) => node.Process.Home.Reader.Events(conversation, after, PageSize);

    private sealed class Subscription(EventFeed feed, EventCursor cursor, IObserver<ConversationEvent> observer) : IDisposable
    {
        private EventCursor _cursor = cursor;
        private bool _isReading;
        private bool _isDisposed;

        public void CatchUp()
        {
            if (_isReading)
            {
                return;
            }

            _isReading = true;
            try
            {
                while (!_isDisposed && _cursor.CompareTo(feed.Published) < 0)
                {
                    var events = feed.Read(_cursor);
                    if (!Pass(events))
                    {
                        break;
                    }
                }
            }
            finally
            {
                _isReading = false;
            }
        }

        public void Dispose()
        {
            _isDisposed = true;
            feed._subscriptions.Remove(this);
        }

        // One entry can bring several events under one cursor; they stay together. False at the end of what is published.
        private bool Pass(IReadOnlyList<ConversationEvent> events)
        {
            foreach (var happened in events)
            {
                if (happened.Cursor.CompareTo(feed.Published) > 0)
                {
                    return false;
                }

                _cursor = happened.Cursor;
                if (!_isDisposed)
                {
                    observer.OnNext(happened);
                }
            }

            if (events.Count == 0)
            {
                _cursor = feed.Published;
            }

            return events.Count > 0;
        }
    }
}
