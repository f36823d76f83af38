using Google.Protobuf;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// A lookup of slots: of the nodes on the way that have the same, one is read, page by page, and the others if it does not have
/// what it says; each signature is checked once. What a hostile holder can make it do is bounded by pages, by slots and by checks.
/// </summary>
internal sealed class GetTask : LookupTask
{
    internal const int MaxHolders = 64;
    internal const int MaxSlots = 256;
    internal const int MaxChecks = 512;

    /// <summary>Who takes longer to give what they say they hold is left.</summary>
    internal static readonly TimeSpan LongestReading = TimeSpan.FromSeconds(30);

    // A holder keeps at most this many pages' worth for one target, if it keeps to the rules.
    private readonly int _maxPages;
    private readonly long _operation;
    private readonly Bytes32 _target;
    private readonly SortedDictionary<Bytes32, DhtSlot> _found = [];
    private readonly SortedDictionary<long, (DhtSlot Slot, Bytes32 Fingerprint)> _checking = [];
    private readonly Dictionary<Bytes32, bool?> _outcomes = [];
    private readonly Dictionary<ByteString, HeldSet> _sets = [];
    private readonly List<HolderReading> _read = [];
    private int _holders;
    private int _underWay;
    private int _checks;

    public GetTask(DhtNode node, long operation, Bytes32 target, int paths)
        : base(node, new DhtId(target), paths)
    {
        _operation = operation;
        _target = target;
        _maxPages = Math.Max(64, node.Options.SlotsPerTarget);
        var own = node.Slots.Live(target, node.UnixSeconds()).ToList();
        own.ForEach(Keep);
        if (own.Count > 0)
        {
            SetOf(ByteString.CopyFrom(SlotStore.Digest(node.Cryptography, own))).Proved();
        }
    }

    /// <summary>The node has a signature checked under this number.</summary>
    public void Checking(long number, DhtSlot slot) => _checking[number] = (slot, Fingerprint(slot));

    public void Checked(long number, bool isValid)
    {
        if (_checking.Remove(number, out var check))
        {
            _outcomes[check.Fingerprint] = isValid;
            if (isValid)
            {
                Keep(check.Slot);
            }
            else
            {
                Node.Count(DhtInstruments.RefusedSlot);
            }

            Judge();
        }

        Resume();
    }

    protected override void Heard(LookupCandidate candidate, DhtAnswer answer)
    {
        if (answer.Held > 0 && _holders < MaxHolders)
        {
            _holders++;
            var set = SetOf(answer.Digest);
            if (set.IsToRead(candidate.Peer))
            {
                Read(candidate.Peer, set, answer.Digest.Memory);
            }
        }
    }

    protected override void AnsweredOther(PendingQuery query, DhtPeer from, DhtAnswer answer)
    {
        _underWay--;
        var reading = (HolderReading)query.Tag!;
        var count = reading.Slots.Count;
        foreach (var message in answer.Slots)
        {
            if (!DhtSlot.TryFrom(message, out var slot) || slot.Target != _target || slot.ExpiresUnixSeconds <= (Node.UnixSeconds() ?? 0))
            {
                Node.Count(DhtInstruments.RefusedSlot);
                continue;
            }

            var fingerprint = Fingerprint(slot);
            reading.Slots.Add((slot, fingerprint));
            if (_checks < MaxChecks && _outcomes.TryAdd(fingerprint, null))
            {
                _checks++;
                Node.Check(slot, this);
            }
        }

        var hasNew = reading.Slots.Count > count;
        if (Node.Now - reading.BeganAt >= LongestReading)
        {
            Doubt(reading);
        }
        else if (answer.Held > 0 && hasNew && reading.Pages < _maxPages)
        {
            (reading.After, reading.IsRepeated) = (reading.Slots[^1].Slot.Writer, false);
            Ask(reading);
        }
        else if (answer.Held > 0 && !hasNew && !reading.IsRepeated)
        {
            // Our token was no longer good; the answer brought another.
            Repeat(reading);
        }
        else
        {
            _read.Add(reading);
            Judge();
        }
    }

    protected override void FailedOther(PendingQuery query)
    {
        _underWay--;
        var reading = (HolderReading)query.Tag!;
        if (!reading.IsRepeated && Node.Now - reading.BeganAt < LongestReading)
        {
            Repeat(reading);
        }

        // The others need not wait for what comes of it.
        Doubt(reading);
    }

    protected override bool TryFinish()
    {
        if (_underWay > 0 || _checking.Count > 0)
        {
            return false;
        }

        Node.Complete(_operation, new DhtResult.FoundSlots([.. _found.Values], _holders, Cost));
        return true;
    }

    private HeldSet SetOf(ByteString digest)
    {
        if (!_sets.TryGetValue(digest, out var set))
        {
            _sets[digest] = set = new HeldSet();
        }

        return set;
    }

    private void Read(DhtPeer holder, HeldSet set, ReadOnlyMemory<byte> digest) => Ask(new HolderReading(holder, set, digest, Node.Now));

    private void Repeat(HolderReading reading)
    {
        reading.IsRepeated = true;
        reading.Pages--;
        Ask(reading);
    }

    private void Ask(HolderReading reading)
    {
        var query = new DhtQuery { Target = CanonicalProtobuf.Field(_target) };
        if (reading.After is { } writer)
        {
            query.After = CanonicalProtobuf.Field(writer);
        }

        reading.Pages++;
        if (Node.TryAsk(DatagramKind.Get, reading.Holder.Endpoint, reading.Holder, query, this, reading))
        {
            _underWay++;
            ExtraQueries++;
        }
        else
        {
            Doubt(reading);
        }
    }

    // Of those who have been read to the end: whether it was what they said, as soon as all their signatures are checked.
    private void Judge()
    {
        foreach (var reading in _read.ToList())
        {
            if (reading.Slots.Exists(entry => _outcomes.TryGetValue(entry.Fingerprint, out var isValid) && isValid is null))
            {
                continue;
            }

            _read.Remove(reading);
            var digest = SlotStore.Digest(Node.Cryptography, reading.Slots.ConvertAll(entry => entry.Slot));
            if (reading.Digest.Span.SequenceEqual(digest) && reading.Slots.TrueForAll(entry => _outcomes.GetValueOrDefault(entry.Fingerprint) == true))
            {
                reading.Set.Proved();
            }
            else
            {
                Doubt(reading);
            }
        }
    }

    private void Doubt(HolderReading reading)
    {
        foreach (var other in reading.Set.Doubted())
        {
            Read(other, reading.Set, reading.Digest);
        }
    }

    private void Keep(DhtSlot slot)
    {
        var isKnown = _found.TryGetValue(slot.Writer, out var other);
        if (isKnown ? slot.Sequence > other!.Sequence : _found.Count < MaxSlots)
        {
            _found[slot.Writer] = slot;
            Node.Add(new DhtEffect.Found(_operation, slot));
        }
    }

    // One check for all the copies of a slot; a signature alone would let a liar hide a slot behind another with the same one.
    private Bytes32 Fingerprint(DhtSlot slot)
    {
        Span<byte> hash = stackalloc byte[Bytes32.Size];
        Node.Cryptography.Blake2b(slot.Encode(), hash);
        return new Bytes32(hash);
    }
}
