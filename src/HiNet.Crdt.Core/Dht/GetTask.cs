using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// A lookup of slots: each node on the way that has some is asked for them, page by page; each signature is checked once. What
/// a hostile holder can make it do is bounded by pages, by slots and by checks.
/// </summary>
internal sealed class GetTask : LookupTask
{
    internal const int MaxHolders = 64;
    internal const int MaxSlots = 256;
    internal const int MaxChecks = 512;

    // A holder keeps at most this many pages' worth for one target, if it keeps to the rules.
    private readonly int _maxPages;
    private readonly long _operation;
    private readonly Bytes32 _target;
    private readonly SortedDictionary<Bytes32, DhtSlot> _found = [];
    private readonly SortedDictionary<long, DhtSlot> _checking = [];
    private readonly HashSet<Bytes32> _seen = [];
    private int _holders;
    private int _underWay;
    private int _checks;

    public GetTask(DhtNode node, long operation, Bytes32 target, int paths)
        : base(node, new DhtId(target), paths)
    {
        _operation = operation;
        _target = target;
        _maxPages = Math.Max(64, node.Options.SlotsPerTarget);
        foreach (var slot in node.Slots.At(target, null))
        {
            Keep(slot);
        }
    }

    /// <summary>The node has a signature checked under this number.</summary>
    public void Checking(long number, DhtSlot slot) => _checking[number] = slot;

    public void Checked(long number, bool isValid)
    {
        if (_checking.Remove(number, out var slot))
        {
            if (isValid)
            {
                Keep(slot);
            }
            else
            {
                Node.Count(DhtInstruments.RefusedSlot);
            }
        }

        Resume();
    }

    protected override void Heard(LookupCandidate candidate, DhtAnswer answer)
    {
        if (answer.Held > 0 && _holders < MaxHolders)
        {
            _holders++;
            Ask(new Page(candidate.Peer, 1, false), null);
        }
    }

    protected override void AnsweredOther(PendingQuery query, DhtPeer from, DhtAnswer answer)
    {
        _underWay--;
        var page = (Page)query.Tag!;
        Bytes32? last = null;
        foreach (var message in answer.Slots)
        {
            if (!DhtSlot.TryFrom(message, out var slot) || slot.Target != _target || slot.ExpiresUnixSeconds <= (Node.UnixSeconds() ?? 0))
            {
                Node.Count(DhtInstruments.RefusedSlot);
                continue;
            }

            last = slot.Writer;
            if (_checks < MaxChecks && _seen.Add(Fingerprint(slot)))
            {
                _checks++;
                Node.Check(slot, this);
            }
        }

        if (answer.Held > 0 && last is not null && page.Number < _maxPages)
        {
            Ask(page with { Number = page.Number + 1 }, last);
        }
        else if (answer.Held > 0 && last is null && !page.IsRepeated)
        {
            // Our token was no longer good; the answer brought another.
            Ask(page with { IsRepeated = true }, page.After);
        }
    }

    protected override void FailedOther(PendingQuery query)
    {
        _underWay--;
        var page = (Page)query.Tag!;
        if (!page.IsRepeated)
        {
            Ask(page with { IsRepeated = true }, page.After);
        }
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

    private void Ask(Page page, Bytes32? after)
    {
        var query = new DhtQuery { Target = CanonicalProtobuf.Field(_target) };
        if (after is { } writer)
        {
            query.After = CanonicalProtobuf.Field(writer);
        }

        if (Node.TryAsk(DatagramKind.Get, page.Holder.Endpoint, page.Holder, query, this, page with { After = after }))
        {
            _underWay++;
            ExtraQueries++;
        }
    }

    private void Keep(DhtSlot slot)
    {
        var isKnown = _found.TryGetValue(slot.Writer, out var other);
        if (isKnown ? slot.Sequence > other!.Sequence : _found.Count < MaxSlots)
        {
            _found[slot.Writer] = slot;
        }
    }

    // One check for all the copies of a slot; a signature alone would let a liar hide a slot behind another with the same one.
    private Bytes32 Fingerprint(DhtSlot slot)
    {
        Span<byte> hash = stackalloc byte[Bytes32.Size];
        Node.Cryptography.Blake2b(slot.Encode(), hash);
        return new Bytes32(hash);
    }

    private sealed record Page(DhtPeer Holder, int Number, bool IsRepeated, Bytes32? After = null);
}
