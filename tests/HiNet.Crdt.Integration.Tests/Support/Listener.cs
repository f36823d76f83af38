namespace HiNet.Crdt.Integration.Tests.Support;

/// <summary>Keeps the texts of the messages that a subscription brings, in the order of delivery.</summary>
internal sealed class Listener : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<ConversationEvent> _events = [];
    private readonly IDisposable _subscription;

    internal Listener(IObservable<ConversationEvent> events) => _subscription = events.Subscribe(new Observer(this));

    internal IReadOnlyList<string> Texts => [.. All<MessageAdded>().Select(message => message.Text)];

    internal IReadOnlyList<T> All<T>()
        where T : ConversationEvent
    {
        lock (_gate)
        {
            return [.. _events.OfType<T>()];
        }
    }

    public void Dispose() => _subscription.Dispose();

    private sealed class Observer(Listener listener) : IObserver<ConversationEvent>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnNext(ConversationEvent value)
        {
            lock (listener._gate)
            {
                listener._events.Add(value);
            }
        }
    }
}
