using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Events;

/// <summary>The node's own events, for whoever listens at the time.</summary>
internal sealed class NodeEventHub(ILogger logger) : IObservable<NodeEvent>
{
    private readonly Lock _gate = new();
    private ImmutableArray<NodeSubscription> _subscriptions = [];
    private bool _completed;

    public IDisposable Subscribe(IObserver<NodeEvent> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        NodeSubscription? subscription = null;
        lock (_gate)
        {
            if (!_completed)
            {
                subscription = new NodeSubscription(observer, logger) { OnEnded = () => Remove(subscription!) };
                _subscriptions = _subscriptions.Add(subscription);
                return subscription;
            }
        }

        observer.OnCompleted();
        return System.Reactive.Disposables.Disposable.Empty;
    }

    internal void Announce(NodeEvent announced)
    {
        ImmutableArray<NodeSubscription> subscriptions;
        lock (_gate)
        {
            subscriptions = _subscriptions;
        }

        foreach (var subscription in subscriptions)
        {
            subscription.Announce(announced);
        }
    }

    /// <summary>As <see cref="ConversationEventHub.CompleteAsync"/>.</summary>
    internal async Task CompleteAsync(TimeSpan patience)
    {
        ImmutableArray<NodeSubscription> subscriptions;
        lock (_gate)
        {
            _completed = true;
            subscriptions = _subscriptions;
        }

        foreach (var subscription in subscriptions)
        {
            subscription.Complete();
        }

        var ended = Task.WhenAll(subscriptions.Select(subscription => subscription.Ended));
        await Task.WhenAny(ended, Task.Delay(patience)).ConfigureAwait(false);
    }

    private void Remove(NodeSubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions = _subscriptions.Remove(subscription);
        }
    }
}
