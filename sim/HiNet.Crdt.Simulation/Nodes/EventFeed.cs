using HiNet.Crdt.Core.Engine.Reading;

namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>
/// The events of one conversation on one node. The log is the buffer: each subscriber has a cursor and reads what lies behind
/// it. Subscriptions outlive a crash of the node, as those of an application do that keeps its cursor.
/// </summary>
internal sealed class EventFeed(SimulatedNode node, ConversationId conversation)
{
    private readonly List<Subscription> _subscriptions = [];

    public ConversationId Conversation => conversation;

    /// <summary>The last place that was published; never decreases.</summary>
    public EventCursor Published { get; private set; }

    public void Publish(EventCursor upTo)
    {
        Published = upTo.CompareTo(Published) > 0 ? upTo : Published;
        foreach (var subscription in _subscriptions.ToArray())
        {
            subscription.Publish(upTo);
        }
    }

    /// <summary>The log was put back as it was earlier: nothing is published yet, and subscriptions end.</summary>
    public void Restart()
    {
        _subscriptions.Clear();
        Published = EventCursor.Start;
    }

    /// <summary>Delivers what lies behind a cursor, and what comes. With a <paramref name="pace"/>, each event takes the observer so long.</summary>
    public SimulatedSubscription<ConversationEvent> Subscribe(
        EventCursor from, IObserver<ConversationEvent> observer, TimeSpan pace = default)
    {
        Subscription? subscription = null;
        subscription = new Subscription(this, node, from, observer, pace)
        {
            OnEnded = () => _subscriptions.Remove(subscription!),
        };
        _subscriptions.Add(subscription);
        subscription.Signal();
        return subscription;
    }

    private IReadOnlyList<ConversationEvent> Read(EventCursor after, int limit) => node.Process.Home.Reader.Events(conversation, after, limit);

    private sealed class Subscription(
        EventFeed feed, SimulatedNode node, EventCursor from, IObserver<ConversationEvent> observer, TimeSpan pace)
        : SimulatedSubscription<ConversationEvent>(node, observer, pace)
    {
        private readonly EventPages _pages = new(from);

        public void Publish(EventCursor upTo)
        {
            if (_pages.Published(upTo))
            {
                Signal();
            }
        }

        protected override IReadOnlyList<ConversationEvent> Fetch()
        {
            _pages.Begin();
            var page = feed.Read(_pages.Cursor, _pages.Limit);
            _pages.Fetched(page.Count);
            return page;
        }

        protected override void Delivering(ConversationEvent item) => _pages.Delivering(item.Cursor);
    }
}
