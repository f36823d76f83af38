using HiNet.Crdt.Core.Engine.Reading;

namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>A node's own events, for whoever listens at the time, in the order of their subscription.</summary>
internal sealed class NodeEventFeed(SimulatedNode node) : IObservable<NodeEvent>
{
    private readonly List<Subscription> _subscriptions = [];

    public IDisposable Subscribe(IObserver<NodeEvent> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        Subscription? subscription = null;
        subscription = new Subscription(node, observer) { OnEnded = () => _subscriptions.Remove(subscription!) };
        _subscriptions.Add(subscription);
        return subscription;
    }

    public void Announce(NodeEvent announced)
    {
        if (_subscriptions.Count == 0)
        {
            return;
        }

        foreach (var subscription in _subscriptions.ToArray())
        {
            subscription.Announce(announced);
        }
    }

    private sealed class Subscription(SimulatedNode node, IObserver<NodeEvent> observer)
        : SimulatedSubscription<NodeEvent>(node, observer, TimeSpan.Zero)
    {
        private readonly NewestItems<NodeEvent> _waiting = new();

        public void Announce(NodeEvent announced)
        {
            _waiting.Add(announced);
            Signal();
        }

        protected override IReadOnlyList<NodeEvent> Fetch() => _waiting.TakeAll();
    }
}
