namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>A conversation's events from a cursor on, or, without one, from the moment of the subscription on.</summary>
internal sealed class FeedObservable(EventFeed feed, EventCursor? from) : IObservable<ConversationEvent>
{
    public IDisposable Subscribe(IObserver<ConversationEvent> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return feed.Subscribe(from ?? feed.Published, observer);
    }
}
