namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>Hands each event to an action.</summary>
internal sealed class EventObserver(Action<ConversationEvent> onNext) : IObserver<ConversationEvent>
{
    public void OnNext(ConversationEvent value) => onNext(value);

    public void OnError(Exception error) => throw new InvalidOperationException("A conversation's events ended in an error.", error);

    public void OnCompleted()
    {
    }
}
