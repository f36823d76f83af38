using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants.Subscribers;

/// <summary>
/// However an application listens, it sees what the log holds behind the place where it began: each event once, in order, of
/// every kind. Beside the subscriber of <see cref="EventsOnceInOrder"/> every second conversation of a node has one of a drawn kind.
/// In the end each is compared with a fresh reading of the log.
/// </summary>
internal sealed class SubscribersAgree(InvariantChecker checker) : Invariant(checker)
{
    private static readonly int s_kinds = Enum.GetValues<SubscriberKind>().Length;

    private readonly SortedDictionary<(int Node, ConversationId Conversation), List<DrawnSubscriber>> _subscribers = [];

    public override string Id => "subscribers-agree";

    public override bool LooksBack => true;

    public KeyedRandom Random => Checker.World.Random;

    public override void Published(NodeProcess process, ConversationId conversation, EventCursor upTo)
    {
        if (!_subscribers.TryGetValue((process.Index, conversation), out var subscribers))
        {
            var owner = KeyedRandom.Mix(conversation.Value.Prefix) ^ (ulong)process.Index;
            var kind = (int)Random.Below(DrawStream.Subscribers, ~owner, 0, 2 * s_kinds);
            subscribers = kind < s_kinds
                ? [new DrawnSubscriber(this, process, FeedOf(process, conversation), (SubscriberKind)kind, owner)]
                : [];
            _subscribers.Add((process.Index, conversation), subscribers);
        }

        for (var i = 0; i < subscribers.Count; i++)
        {
            subscribers[i].Publishing(upTo);
        }
    }

    /// <summary>An application's own state is put back with the home: it begins anew.</summary>
    public override void Restored(NodeProcess process)
    {
        foreach (var key in _subscribers.Keys.Where(key => key.Node == process.Index).ToList())
        {
            _subscribers.Remove(key);
        }
    }

    public override void Booted(NodeProcess process)
    {
        foreach (var ((node, _), subscribers) in _subscribers)
        {
            // One may bring another in meanwhile.
            for (var i = 0; node == process.Index && i < subscribers.Count; i++)
            {
                subscribers[i].Booted();
            }
        }
    }

    /// <summary>Somebody subscribes from within the call of another observer.</summary>
    public void Introduce(NodeProcess process, EventFeed feed, EventCursor cursor, ulong by)
    {
        var subscriber = new DrawnSubscriber(this, process, feed, SubscriberKind.Keeper, KeyedRandom.Mix(by));
        _subscribers[(process.Index, feed.Conversation)].Add(subscriber);
        subscriber.ComeBehind(cursor);
    }

    public override void Looked()
    {
        foreach (var subscribers in _subscribers.Values)
        {
            foreach (var subscriber in subscribers)
            {
                subscriber.Look();
            }
        }
    }

    public override void Quiet()
    {
        foreach (var ((node, conversation), subscribers) in _subscribers)
        {
            var process = Checker.World.Nodes[node].Process;
            if (subscribers.Count == 0 || !process.IsUp || process.IsPaused)
            {
                continue;
            }

            var replay = Replay(process, conversation);
            for (var i = 0; i < subscribers.Count; i++)
            {
                subscribers[i].Drain();
                if (subscribers[i].From is { } from)
                {
                    Compare(subscribers[i], from, replay);
                }
            }
        }
    }

    private static List<EventIdentity> Replay(NodeProcess process, ConversationId conversation)
    {
        const int Page = 1_000;
        var replay = new List<EventIdentity>();
        IReadOnlyList<ConversationEvent> events;
        do
        {
            var after = new EventCursor(replay.Count > 0 ? replay[^1].Place : 0);
            events = process.Home.Reader.Events(conversation, after, Page);
            foreach (var happened in events)
            {
                replay.Add(EventIdentity.Of(happened, replay.Count > 0 ? replay[^1] : null));
            }
        }
        while (events.Count > 0);

        return replay;
    }

    private static void Compare(DrawnSubscriber subscriber, EventCursor from, List<EventIdentity> replay)
    {
        // What a deletion has erased cannot be read any more; who was quick has seen it.
        var deleted = replay.Where(static e => e.Kind == nameof(MessageDeleted)).Select(static e => e.Target).ToHashSet();
        bool IsLasting(EventIdentity e) => !(e.Kind == nameof(MessageEdited) && deleted.Contains(e.Target));
        var expected = replay.Where(e => e.Place > from.Position && IsLasting(e)).ToList();
        var seen = subscriber.Seen.Where(IsLasting).ToList();
        for (var i = 0; i < Math.Max(expected.Count, seen.Count); i++)
        {
            if (i >= expected.Count)
            {
                subscriber.Fail($"was shown {seen[i]}, which the log does not hold");
            }

            if (i >= seen.Count || seen[i] != expected[i])
            {
                subscriber.Fail($"was shown {(i < seen.Count ? seen[i].ToString() : "nothing")} in place of {expected[i]}, from {from} on");
            }
        }
    }

    private EventFeed FeedOf(NodeProcess process, ConversationId conversation) =>
        Checker.World.Nodes[process.Index].Conversation(conversation).Feed;
}
