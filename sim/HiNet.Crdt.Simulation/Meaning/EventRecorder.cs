namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>A subscriber that keeps what it is told, and lives as long as its world.</summary>
internal sealed class EventRecorder : IObserver<ConversationEvent>
{
    private readonly List<ConversationEvent> _events = [];

    public IReadOnlyList<ConversationEvent> Events => _events;

    public void OnNext(ConversationEvent value) => _events.Add(value);

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
