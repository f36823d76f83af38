using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>Each subscriber sees each event once, in order of arrival, also across restarts; and sees every message in the end.</summary>
internal sealed class EventsOnceInOrder(InvariantChecker checker) : Invariant(checker)
{
    private readonly SortedDictionary<(int Node, ConversationId Conversation), Subscriber> _subscribers = [];

    public override string Id => "events-once-in-order";

    public override void Published(NodeProcess process, ConversationId conversation, EventCursor upTo)
    {
        if (!_subscribers.ContainsKey((process.Index, conversation)))
        {
            var subscriber = new Subscriber(this, process, conversation);
            _subscribers.Add((process.Index, conversation), subscriber);
            Checker.World.Nodes[process.Index].Conversation(conversation).Feed.Subscribe(EventCursor.Start, subscriber);
        }
    }

    /// <summary>An application's own state is restored with the home: it reads everything again.</summary>
    public override void Restored(NodeProcess process)
    {
        foreach (var key in _subscribers.Keys.Where(key => key.Node == process.Index).ToList())
        {
            _subscribers.Remove(key);
            Checker.World.Nodes[process.Index].Conversation(key.Conversation).Feed.Restart();
        }
    }

    /// <summary>Gives the last event again, as a node with a bug would.</summary>
    public void Repeat(NodeProcess process, ConversationId conversation) => _subscribers.GetValueOrDefault((process.Index, conversation))?.Repeat();

    public override void Quiet()
    {
        foreach (var ledger in Checker.Ledgers)
        {
            foreach (var process in Checker.Processes)
            {
                var expected = ledger.MessagesOf(process.Index).Count;
                var seen = _subscribers.GetValueOrDefault((process.Index, ledger.Id))?.Messages ?? 0;
                if (process.IsUp && expected != seen + Unreadable(process, ledger))
                {
                    Fail($"node {process.Index} holds {expected} messages of {ledger.Id}, and its subscriber has seen {seen}");
                }
            }
        }
    }

    // Nobody is told of a message before it can be read, and some never can: their keys did not come, or they were deleted before.
    // Its edit may be under a key that did come: then the message shows that text, and the edit is what was told.
    private int Unreadable(NodeProcess process, ConversationLedger ledger)
    {
        var subscriber = _subscribers.GetValueOrDefault((process.Index, ledger.Id));
        var unseen = ledger.MessagesOf(process.Index).Where(message => subscriber?.HasSeen(message) != true).ToHashSet();
        return unseen.Count > 0 && process.Home is EngineHome home
            ? home.ReadEntries().Count(stored => unseen.Contains(stored.Entry.Id) && home.OpenBody(stored.Row) is null)
            : 0;
    }

    private sealed class Subscriber(EventsOnceInOrder invariant, NodeProcess process, ConversationId conversation) : IObserver<ConversationEvent>
    {
        private readonly HashSet<EntryId> _messages = [];
        private EventCursor _cursor;
        private ConversationEvent? _last;

        public int Messages => _messages.Count;

        public bool HasSeen(EntryId message) => _messages.Contains(message);

        public void Repeat()
        {
            if (_last is { } last)
            {
                OnNext(last);
            }
        }

        public void OnNext(ConversationEvent value)
        {
            if (value.Cursor.CompareTo(_cursor) < 0 || ReferenceEquals(value, _last))
            {
                invariant.Fail($"node {process.Index} showed {value.GetType().Name} at {value.Cursor} behind {_cursor} in {conversation}");
            }

            _cursor = value.Cursor;
            _last = value;
            if (value is MessageAdded added && !_messages.Add(added.Id))
            {
                invariant.Fail($"node {process.Index} showed message {added.Id} twice");
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error) => invariant.Fail($"node {process.Index} ended a subscription with an error: {error.Message}");
    }
}
