using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// Coming in: endpoints that the owner names, whose keys are unknown, and contacts of an earlier life. All are asked at once, in
/// bounds, and again, ever more seldom, while they are not in the table: the owner's always, earlier contacts while the table is
/// small. Without that, parts of a network that were apart for some minutes would go on knowing only themselves.
/// </summary>
public sealed partial class DhtNode
{
    internal const int MaxBootstraps = 16;

    private const int BootstrapsAtOnce = 16;

    /// <summary>Silences after which an earlier contact is no longer asked: some 25 minutes.</summary>
    private const int MostTries = 12;

    private static readonly TimeSpan s_firstBackOff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestBackOff = TimeSpan.FromMinutes(5);

    private readonly List<BootstrapEntry> _bootstraps = [];
    private readonly List<BootstrapEntry> _kept = [];
    private int _bootstrapsUnderWay;
    private bool _bootstrapsChanged;
    private Instant _bootstrapAt = Instant.Never;

    /// <summary>How often an endpoint answered that had been lost.</summary>
    internal int Reunions { get; private set; }

    // Worked out after each step in which it may have changed, since an owner asks for deadlines far more often than that.
    private void SetBootstrapDeadline()
    {
        if (!_bootstrapsChanged)
        {
            return;
        }

        _bootstrapsChanged = false;
        _bootstrapAt = Instant.Never;
        if (_bootstrapsUnderWay < BootstrapsAtOnce)
        {
            foreach (var entry in _bootstraps)
            {
                _bootstrapAt = Instant.Min(_bootstrapAt, DueAt(entry));
            }

            foreach (var entry in _kept)
            {
                _bootstrapAt = Instant.Min(_bootstrapAt, DueAt(entry));
            }
        }
    }

    private void AddBootstraps(IReadOnlyList<Endpoint> endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            if (endpoint.IsUsable && _bootstraps.Count < MaxBootstraps && !_bootstraps.Exists(entry => entry.Endpoint == endpoint))
            {
                _bootstraps.Add(new BootstrapEntry(endpoint, null) { NextTry = _now });
            }
        }

        TryBootstraps();
    }

    // Contacts that are in the table need no try now; they are what is left to try when it has emptied.
    private void AddKept(IReadOnlyList<DhtContact> contacts, bool isNew = true)
    {
        _bootstrapsChanged = true;
        _kept.RemoveAll(entry => entry.Silences >= MostTries || contacts.Contains(entry.Peer!.Contact));
        foreach (var contact in contacts.Take(MaxKept))
        {
            if (contact.Endpoint.IsUsable && contact.NodeKey != _key && _kept.Count < 2 * MaxKept)
            {
                _kept.Add(new BootstrapEntry(contact.Endpoint, DhtPeer.Of(_cryptography, contact)) { NextTry = _now });
            }
        }

        if (isNew)
        {
            TryBootstraps();
        }
    }

    private Instant DueAt(BootstrapEntry entry)
    {
        if (entry.IsUnderWay || entry.IsSelf || IsInTable(entry))
        {
            return Instant.Never;
        }

        // One that answers and has no place in the table is asked ever more seldom too.
        return entry.Peer is null || entry.Tries == 0 || Table.Count < _options.BucketSize ? entry.NextTry : Instant.Never;
    }

    private bool IsInTable(BootstrapEntry entry) => entry.Id is { } id && Table.Entry(id) is not null;

    // The table has dropped a contact.
    private void NoteLost(DhtId id)
    {
        _bootstrapsChanged = true;
        foreach (var entry in _bootstraps.Concat(_kept))
        {
            if (entry.Id == id)
            {
                entry.IsLost = true;
                entry.Tries = 0;
            }
        }
    }

    // Whoever is heard of again, or at last, may have been in another part of the network, with others.
    private void Reunite()
    {
        Reunions++;
        Join();
    }

    private void TryBootstraps()
    {
        _bootstrapsChanged = true;
        Try(_bootstraps);
        Try(_kept);
    }

    private void Try(List<BootstrapEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (_bootstrapsUnderWay >= BootstrapsAtOnce)
            {
                return;
            }

            if (DueAt(entry) > _now)
            {
                continue;
            }

            entry.Tries++;
            var backOff = s_firstBackOff * Math.Pow(2, Math.Min(entry.Tries - 1, 10));
            entry.NextTry = _now + Jittered(backOff < s_longestBackOff ? backOff : s_longestBackOff);
            if (TryAsk(DatagramKind.Ping, entry.Endpoint, entry.Peer, new DhtQuery(), new BootstrapPing(this, entry), entry))
            {
                entry.IsUnderWay = true;
                _bootstrapsUnderWay++;
            }
        }
    }

    private void NoteGarbage(Endpoint from)
    {
        if (_bootstraps.Exists(entry => entry.IsUnderWay && entry.Endpoint == from))
        {
            Count(DhtInstruments.BootstrapGarbage);
        }
    }

    // A query of ours that came back to us: where it was sent to is where we are.
    private void NoteSelf(Datagram datagram)
    {
        if (datagram.IsQuery && _queries.TryGetValue(datagram.Transaction, out var query) && query.Tag is BootstrapEntry { IsSelf: false } entry)
        {
            entry.IsSelf = true;
            Count(DhtInstruments.BootstrapSelf);
        }
    }

    private sealed class BootstrapEntry(Endpoint endpoint, DhtPeer? peer)
    {
        public Endpoint Endpoint { get; } = endpoint;

        public DhtPeer? Peer { get; } = peer;

        /// <summary>Who is there; null for an endpoint that has not answered yet.</summary>
        public DhtId? Id { get; set; } = peer?.Id;

        /// <summary>Pings since it was last in the table.</summary>
        public int Tries { get; set; }

        /// <summary>Pings in a row without an answer.</summary>
        public int Silences { get; set; }

        public Instant NextTry { get; set; }

        public bool IsUnderWay { get; set; }

        /// <summary>The table dropped it, and it was not heard of since.</summary>
        public bool IsLost { get; set; }

        public bool IsSelf { get; set; }
    }

    private sealed class BootstrapPing(DhtNode node, BootstrapEntry entry) : QueryOwner
    {
        public override void Answered(PendingQuery query, DhtPeer from, DhtAnswer answer)
        {
            // Of one who has answered before, a single silence may be a lost datagram.
            var wasLost = entry.IsLost || entry.Silences > (entry.Id is null ? 0 : 1);
            entry.Id = from.Id;
            entry.IsLost = false;
            entry.Silences = 0;
            End();
            if (wasLost)
            {
                node.Reunite();
            }
        }

        public override void Failed(PendingQuery query)
        {
            entry.Silences++;
            if (entry is { Peer: null, IsSelf: false })
            {
                node.Count(DhtInstruments.BootstrapSilent);
            }

            End();
        }

        private void End()
        {
            entry.IsUnderWay = false;
            node._bootstrapsUnderWay--;
            node.TryBootstraps();
        }
    }
}
