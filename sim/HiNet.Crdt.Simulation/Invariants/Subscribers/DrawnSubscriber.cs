using HiNet.Crdt.Core.Engine.Reading;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants.Subscribers;

/// <summary>
/// An application that listens to one conversation on one node, in the way of its kind. It notes what it is shown, and begins
/// again where it left off whenever its subscription is over.
/// </summary>
internal sealed class DrawnSubscriber
{
    private readonly SubscribersAgree _invariant;
    private readonly NodeProcess _process;
    private readonly EventFeed _feed;
    private readonly SubscriberKind _kind;
    private readonly ulong _owner;

    /// <summary>What it was shown, in order; strictly increasing by place and index.</summary>
    private readonly List<EventIdentity> _seen = [];
    private SubscriptionLife? _life;
    private EventCursor _cursor;
    private long _publications;
    private ulong _draws;
    private bool _hasThrown;

    public DrawnSubscriber(SubscribersAgree invariant, NodeProcess process, EventFeed feed, SubscriberKind kind, ulong owner)
    {
        _invariant = invariant;
        _process = process;
        _feed = feed;
        _kind = kind;
        _owner = owner;
        FirstAt = kind is SubscriberKind.FromCursor or SubscriberKind.Live ? Draw(1, 12) : 1;
        ActsAt = Draw(1, 8);
        Pace = kind is SubscriberKind.Slow or SubscriberKind.SlowKeeper ? TimeSpan.FromMilliseconds(Draw(200, 4_000)) : TimeSpan.Zero;
    }

    /// <summary>Events behind this cursor are its to see; null before it has come.</summary>
    public EventCursor? From { get; private set; }

    public IReadOnlyList<EventIdentity> Seen => _seen;

    /// <summary>The publication at which it comes, from 1.</summary>
    private long FirstAt { get; }

    /// <summary>The event at which it does what its kind does, from 1.</summary>
    private long ActsAt { get; }

    private TimeSpan Pace { get; }

    /// <summary>Something is about to be published up to a cursor: whoever is due comes, and whoever has lost a subscription begins again.</summary>
    public void Publishing(EventCursor upTo)
    {
        _publications++;
        if (From is null)
        {
            if (_publications >= FirstAt)
            {
                Come(upTo);
            }
        }
        else if (_life is { IsOver: true })
        {
            Subscribe();
        }
    }

    /// <summary>Its node lives again: an application that had lived in the same process does so, too.</summary>
    public void Booted()
    {
        if (From is not null && _kind is SubscriberKind.Keeper or SubscriberKind.SlowKeeper)
        {
            _life?.End();
            Subscribe();
        }
    }

    /// <summary>It holds no more than a page, however slow it is.</summary>
    public void Look()
    {
        if (_life is { Held: > EventPages.LargestPage } life)
        {
            Fail($"has {life.Held} events waiting in memory");
        }
    }

    /// <summary>Lets it have all that there is.</summary>
    public void Drain()
    {
        if (_life is { IsOver: true })
        {
            Subscribe();
        }

        _life?.Drain();
    }

    public void OnNext(SubscriptionLife life, ConversationEvent value)
    {
        var identity = EventIdentity.Of(value, _seen.Count > 0 ? _seen[^1] : null);
        if (value.Cursor.CompareTo(_cursor) < 0 || value.Cursor.CompareTo(From!.Value) <= 0)
        {
            Fail($"was shown {identity} behind {_cursor}");
        }

        if (_kind == SubscriberKind.Thrower && _seen.Count + 1 == ActsAt && !_hasThrown)
        {
            _hasThrown = true;
            throw new SubscriberException();
        }

        _seen.Add(identity);
        _cursor = value.Cursor;
        if (_kind == SubscriberKind.Resubscriber && _seen.Count % ActsAt == 0)
        {
            life.End();
            Subscribe();
        }
        else if (_kind == SubscriberKind.Introducer && _seen.Count == ActsAt)
        {
            _invariant.Introduce(_process, _feed, new EventCursor((ulong)Draw(0, (long)_cursor.Position)), _owner);
        }
    }

    /// <summary>Comes now, and begins behind a cursor.</summary>
    public void ComeBehind(EventCursor cursor)
    {
        From = _cursor = cursor;
        Subscribe();
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    public void Fail(string what) => _invariant.Fail($"a subscriber ({_kind}) of node {_process.Index} {what}");

    private void Come(EventCursor upTo) => ComeBehind(_kind switch
    {
        SubscriberKind.Live => _process.Home.Reader.LastCursor(_feed.Conversation),
        SubscriberKind.FromCursor => new EventCursor((ulong)Draw(0, (long)upTo.Position)),
        _ => EventCursor.Start,
    });

    private void Subscribe()
    {
        _life = new SubscriptionLife(this);
        _life.Begin(_feed, _cursor, Pace);
    }

    private long Draw(long from, long to) => _invariant.Random.Between(DrawStream.Subscribers, _owner, _draws++, from, to);
}
