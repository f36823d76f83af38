using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants.Subscribers;

/// <summary>One subscription of a subscriber, from its beginning to where it was ended; a call after that is a failure.</summary>
internal sealed class SubscriptionLife(DrawnSubscriber subscriber) : IObserver<ConversationEvent>
{
    private SimulatedSubscription<ConversationEvent>? _subscription;
    private bool _isCalled;
    private bool _isOver;

    /// <summary>Events that were read and not delivered.</summary>
    public int Held => _subscription?.Held ?? 0;

    public bool IsOver => _isOver;

    public void Begin(EventFeed feed, EventCursor from, TimeSpan pace)
    {
        _subscription = feed.Subscribe(from, this, pace);
        if (_isOver)
        {
            // It was ended by a call within the subscribing, when there was nothing to dispose yet.
            _subscription.Dispose();
        }
    }

    public void End()
    {
        _isOver = true;
        _subscription?.Dispose();
    }

    public void Drain() => _subscription?.Drain();

    public void OnNext(ConversationEvent value)
    {
        if (_isOver && _subscription is null)
        {
            // It has ended before it had anything to dispose: what comes until then is nobody's.
            return;
        }

        if (_isOver || _isCalled)
        {
            subscriber.Fail($"was called with {value.GetType().Name} at {value.Cursor} {(_isOver ? "after its end" : "while it was being called")}");
        }

        _isCalled = true;
        try
        {
            subscriber.OnNext(this, value);
        }
        catch (SubscriberException)
        {
            _isOver = true;
            throw;
        }
        finally
        {
            _isCalled = false;
        }
    }

    public void OnCompleted() => subscriber.Fail("was completed while its node goes on");

    public void OnError(Exception error) => subscriber.Fail($"was given an error: {error.Message}");
}
