using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Events;

/// <summary>
/// Who listens to which conversation. Publishing only signals; reading and delivering is each subscription's own work.
/// </summary>
internal sealed class ConversationEventHub(Func<IEventReader> createReader, ILogger logger)
{
    private readonly ConcurrentDictionary<ConversationId, ImmutableArray<ConversationSubscription>> _subscriptions = new();
    private readonly Lock _gate = new();
    private bool _completed;

    /// <summary>The conversation's events from the moment of each subscription on, or behind <paramref name="cursor"/>.</summary>
    internal IObservable<ConversationEvent> Observe(ConversationId conversation, EventCursor? cursor) =>
        new ConversationEvents(this, conversation, cursor);

    internal void Publish(ConversationId conversation, EventCursor upTo)
    {
        if (_subscriptions.TryGetValue(conversation, out var subscriptions))
        {
            foreach (var subscription in subscriptions)
            {
                subscription.Publish(upTo);
            }
        }
    }

    /// <summary>
    /// Lets every observer have what there is, then completes it; waits for that up to <paramref name="patience"/>. Later
    /// subscriptions complete at once.
    /// </summary>
    internal async Task CompleteAsync(TimeSpan patience)
    {
        ConversationSubscription[] subscriptions;
        lock (_gate)
        {
            _completed = true;
            subscriptions = [.. _subscriptions.Values.SelectMany(all => all)];
        }

        foreach (var subscription in subscriptions)
        {
            subscription.Complete();
        }

        var ended = Task.WhenAll(subscriptions.Select(subscription => subscription.Ended));
        await Task.WhenAny(ended, Task.Delay(patience)).ConfigureAwait(false);
    }

    private ConversationSubscription? Subscribe(ConversationId conversation, EventCursor? cursor, IObserver<ConversationEvent> observer)
    {
        ConversationSubscription? subscription = null;
        lock (_gate)
        {
            if (_completed)
            {
                return null;
            }

            var reader = createReader();
            subscription = new ConversationSubscription(
                conversation, cursor ?? reader.LastCursor(conversation), reader, observer, logger)
            {
                OnEnded = () => Remove(conversation, subscription!),
            };
            _subscriptions[conversation] = _subscriptions.TryGetValue(conversation, out var others)
                ? others.Add(subscription)
                : [subscription];
        }

        // What became durable between the reading of the cursor and the registration was signalled to nobody.
        subscription.Signal();
        return subscription;
    }

    private void Remove(ConversationId conversation, ConversationSubscription subscription)
    {
        lock (_gate)
        {
            if (_subscriptions.TryGetValue(conversation, out var all))
            {
                var others = all.Remove(subscription);
                if (others.IsEmpty)
                {
                    _subscriptions.TryRemove(conversation, out _);
                }
                else
                {
                    _subscriptions[conversation] = others;
                }
            }
        }
    }

    private sealed class ConversationEvents(ConversationEventHub hub, ConversationId conversation, EventCursor? cursor)
        : IObservable<ConversationEvent>
    {
        public IDisposable Subscribe(IObserver<ConversationEvent> observer)
        {
            ArgumentNullException.ThrowIfNull(observer);
            if (hub.Subscribe(conversation, cursor, observer) is { } subscription)
            {
                return subscription;
            }

            observer.OnCompleted();
            return System.Reactive.Disposables.Disposable.Empty;
        }
    }
}
