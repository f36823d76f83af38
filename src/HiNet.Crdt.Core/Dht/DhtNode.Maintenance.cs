using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Dht;

/// <summary>What a node does unasked: pings, refreshes, expiry, keeping its contacts, and putting its owner's slots again.</summary>
public sealed partial class DhtNode
{
    internal const int MaxNewcomers = 32;
    internal const int MaxPublished = 256;

    /// <summary>Contacts that are handed out to be kept, nearest first, and taken back.</summary>
    internal const int MaxKept = 512;

    private const int PingsAtOnce = 8;
    private const int Observations = 16;

    private static readonly TimeSpan s_maintenance = TimeSpan.FromSeconds(30);

    private readonly SortedDictionary<(Bytes32 Target, Bytes32 Writer), Publication> _published = [];
    private readonly List<Endpoint> _observed = [];
    private readonly HashSet<Endpoint> _newcomers = [];
    private Instant _maintainAt;
    private Instant _keepAt;

    /// <summary>When contacts were kept last; null before the first time.</summary>
    private Instant? _keptAt;
    private long _keptChanges;
    private bool _isRefreshing;

    internal int PublishedSlots => _published.Count;

    private sealed record Publication(DhtSlot Slot, Instant At, Instant Since);

    /// <summary>Looks up this node's own neighbourhood, then ids in the buckets beyond it: how a node becomes known and comes to know others.</summary>
    internal void Join()
    {
        if (!_isRefreshing)
        {
            _isRefreshing = true;
            StartLookup(new RefreshTask(this, Table.Self, 0));
        }
    }

    /// <summary>A lookup of this kind has ended. After the own neighbourhood come the buckets that are not full, the widest first.</summary>
    internal void Refreshed(int next)
    {
        next = Table.NextSparse(next);
        if (next >= 0)
        {
            StartLookup(new RefreshTask(this, RandomIdIn(next), next + 1));
            return;
        }

        _isRefreshing = false;
        KeepContacts();
    }

    internal void KeepUp(DhtSlot slot)
    {
        if (_published.Count < MaxPublished || _published.ContainsKey((slot.Target, slot.Writer)))
        {
            _published[(slot.Target, slot.Writer)] = new Publication(slot, _now + Jittered(_options.RepublishEvery * 4 / 5), _now);
        }
    }

    private void Maintain()
    {
        _maintainAt = _now + Jittered(s_maintenance);
        if (UnixSeconds() is { } unixSeconds)
        {
            var expired = _slots.Expire(unixSeconds);
            if (expired > 0)
            {
                Add(new DhtEffect.Count(DhtInstruments.Evicted, expired));
            }

            Republish(unixSeconds);
        }

        LookAroundAgain();
        var pings = 0;
        foreach (var entry in Table.Entries().ToList())
        {
            if (pings < PingsAtOnce && !entry.IsPinged && _now - entry.LastSeen >= Table.QuestionableAfter)
            {
                PingEntry(entry);
                pings++;
            }
        }

        if (!_isRefreshing && Table.DueForRefresh(_now) is >= 0 and var due)
        {
            StartLookup(new RefreshTask(this, RandomIdIn(due), int.MaxValue));
        }

    }

    private void Republish(long unixSeconds)
    {
        foreach (var (key, publication) in _published.ToList())
        {
            if (publication.Slot.ExpiresUnixSeconds <= unixSeconds)
            {
                _published.Remove(key);
            }
            else if (_now >= publication.At || _now - publication.Since >= _options.RepublishEvery / Haste)
            {
                KeepUp(publication.Slot);
                StartLookup(new PutTask(this, null, publication.Slot));
            }
        }
    }

    private void KeepContacts()
    {
        _keepAt = _now + _options.KeepEvery;
        _keptAt = _now;
        _keptChanges = Table.Changes;
        if (Table.Count > 0)
        {
            List<DhtContact> contacts = [.. Table.Entries().Where(entry => entry.Failures == 0).Take(MaxKept).Select(entry => entry.Peer.Contact)];
            AddKept(contacts, isNew: false);

            // Whoever was known before may be there again when nobody else is.
            Add(new DhtEffect.KeepContacts([.. contacts.Concat(_kept.Select(entry => entry.Peer!.Contact)).Distinct().Take(MaxKept)]));
        }
    }

    // A life may end at any moment: what changed is kept soon, and not more often than somebody could make it change.
    private void SetKeepDeadline()
    {
        if (Table.Changes != _keptChanges && _options.KeepPause < _options.KeepEvery)
        {
            _keepAt = Instant.Min(_keepAt, _keptAt is { } last ? last + _options.KeepPause : _now);
        }
    }

    private DhtId RandomIdIn(int bucket) => Table.Self.WithPrefix(bucket, new DhtId(Draw(), Draw(), Draw(), Draw()));

    private void PingEntry(RoutingEntry entry) =>
        entry.IsPinged = TryAsk(DatagramKind.Ping, entry.Peer.Endpoint, entry.Peer, new DhtQuery(), new EntryPing(entry));

    private void PingNewcomer(DhtPeer peer)
    {
        if (_newcomers.Count < MaxNewcomers && _newcomers.Add(peer.Endpoint)
            && !TryAsk(DatagramKind.Ping, peer.Endpoint, peer, new DhtQuery(), new NewcomerPing(this)))
        {
            _newcomers.Remove(peer.Endpoint);
        }
    }

    private void Observe(ReadOnlySpan<byte> observed)
    {
        if (Endpoint.TryRead(observed, out var endpoint) && endpoint.IsUsable)
        {
            if (_observed.Count == Observations)
            {
                _observed.RemoveAt(0);
            }

            _observed.Add(endpoint);
        }
    }

    private Endpoint? MostObserved() => _observed.Count == 0 ? null
        : _observed.GroupBy(endpoint => endpoint).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;

    private sealed class EntryPing(RoutingEntry entry) : QueryOwner
    {
        public override void Answered(PendingQuery query, DhtPeer from, DhtAnswer answer) => entry.IsPinged = false;

        public override void Failed(PendingQuery query) => entry.IsPinged = false;
    }

    private sealed class NewcomerPing(DhtNode node) : QueryOwner
    {
        public override void Answered(PendingQuery query, DhtPeer from, DhtAnswer answer) => node._newcomers.Remove(query.Endpoint);

        public override void Failed(PendingQuery query) => node._newcomers.Remove(query.Endpoint);
    }
}
