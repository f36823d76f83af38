using HiNet.Crdt.Core.Authority;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    /// <summary>Takes authenticated entries in any order, from anyone, again and again: applies what can be applied, keeps what waits.</summary>
    public void Offer(VerifiedRun run, Instant now)
    {
        for (var i = 0; i < run.Run.Entries.Count; i++)
        {
            Step(run, i, isReleased: false, now);
        }

        while (_ready.TryDequeue(out var next))
        {
            Step(next.Run, next.Index, isReleased: true, now);
        }
    }

    private void Step(VerifiedRun run, int index, bool isReleased, Instant now)
    {
        var entry = run.Run.Entries[index];
        _services.Cost.Count(CostKind.Entry);
        if (_buffer.Contains(entry.Id))
        {
            return;
        }

        if (Knows(entry))
        {
            FillFrom(entry, now);
            return;
        }

        if (entry.Header.Hlc.Milliseconds > _services.Clock.Limit(now) && !_services.Has(PlantedBug.FutureApplied))
        {
            Park(run, index);
            Hold(run, index);
            return;
        }

        var predecessors = new List<EntryInfo>(1 + entry.Header.Parents.Count);
        List<EntryId>? missing = null;
        var refused = _refused.Contains(entry.Id);
        foreach (var id in Predecessors(entry.Header))
        {
            if (FindInfo(id) is { } info)
            {
                predecessors.Add(info);
            }
            else if (id == entry.Header.Previous || !_services.Has(PlantedBug.ParentsNotAwaited))
            {
                (missing ??= []).Add(id);
                refused |= _refused.Contains(id);
            }
        }

        if (refused)
        {
            Refuse(entry, Refusal.RefusedPredecessor);
            Hold(run, index);
            return;
        }

        if (missing is not null)
        {
            if (!_buffer.TryAdd(run, index, missing))
            {
                _host.Count("hinet.log.buffer.refused");
            }

            Hold(run, index);
            return;
        }

        if (entry.Header.Epoch is null && entry.Body is null)
        {
            // A control entry applies only once its body is there; whoever sent it without is asked again by the next comparison.
            _services.Marks.Hit("log.control.bodyless");
            Hold(run, index);
            return;
        }

        var refusal = Check(entry, predecessors, out var past, out var author, out var content);
        if (refusal != Refusal.None)
        {
            Refuse(entry, refusal);
            Hold(run, index);
            return;
        }

        var isEnd = index == run.Run.Entries.Count - 1;
        Commit(entry, isEnd ? run.Run.Signature : default, past!, author, content, now);
        HoldSuccessor(run, index, isReleased);
        _buffer.Release(entry.Id, _ready);
    }

    /// <summary>An entry that waited had to go for another; the next comparison brings it again.</summary>
    private void GaveWay()
    {
        _services.Marks.Hit("bound.causal.buffer");
        _services.Marks.Hit("log.buffer.full");
        _host.Count("hinet.log.buffer.refused");
        _host.Changed(this);
    }

    private void Refuse(Entry entry, Refusal refusal)
    {
        _services.Marks.Hit("log.refused." + refusal);
        _host.Count("hinet.log.refused");
        RememberRefused(entry.Id);
        var dropped = _buffer.Condemn(entry.Id);
        if (dropped > 0)
        {
            // What they waited for is not missing any more.
            _host.Changed(this);
            _host.Count("hinet.log.refused", dropped);
        }
    }

    private static IEnumerable<EntryId> Predecessors(EntryHeader header) =>
        header.Previous is { } previous ? header.Parents.Prepend(previous) : header.Parents;

    /// <summary>Checks an entry against its causal past, all of which is applied: the same answer on every replica, for ever.</summary>
    private Refusal Check(
        Entry entry,
        List<EntryInfo> predecessors,
        out AuthoritySet? past,
        out IdentityId author,
        out ControlBody? content)
    {
        past = null;
        author = default;
        content = null;
        var header = entry.Header;
        if (header.Kind == EntryKind.Genesis
                ? Description.Kind != ConversationKind.Group || entry.Id.Value != Id.Value || predecessors.Count > 0
                : header.Conversation != Id)
        {
            return Refusal.WrongConversation;
        }

        var greatest = default(HybridTimestamp);
        var depth = 0UL;
        for (var i = 0; i < predecessors.Count; i++)
        {
            var predecessor = predecessors[i];
            if (header.Previous == predecessor.Id && !_services.Has(PlantedBug.BacklinkUnchecked))
            {
                if (predecessor.Device != header.Device)
                {
                    return Refusal.WrongPrevious;
                }

                if (predecessor.Seq + 1 != header.Seq)
                {
                    return Refusal.WrongSeq;
                }
            }

            greatest = predecessor.Hlc > greatest ? predecessor.Hlc : greatest;
            depth = Math.Max(depth, predecessor.Depth + 1);
        }

        if ((predecessors.Count > 0 && header.Hlc <= greatest) || header.Hlc > HybridTimestamp.Last)
        {
            return Refusal.WrongHlc;
        }

        if (header.Depth != depth)
        {
            return Refusal.WrongDepth;
        }

        past = PastOf(predecessors);
        if (header.Authority != past.Hash)
        {
            return Refusal.WrongAuthority;
        }

        return CheckPermission(entry, _graph.StateOf(past), out author, out content);
    }

    /// <summary>The authority entries before an entry with these predecessors.</summary>
    private AuthoritySet PastOf(IEnumerable<EntryInfo> predecessors) => _graph.Join([.. predecessors.Select(InclusiveSet)]);

    /// <summary>The authority entries at or before an applied entry.</summary>
    private AuthoritySet InclusiveSet(EntryInfo info) =>
        EntryKind.IsAuthority(info.Kind) ? _graph.Inclusive(info.Id) : PastSet(info.Authority);

    private AuthoritySet PastSet(Bytes32 hash)
    {
        if (_graph.TryGetSet(hash, out var set))
        {
            return set!;
        }

        if (!_services.Store.TryGet(ColumnFamily.Conversations, StoreKeys.AuthorityHeads(Number, hash), out var row)
            || AuthorityHeadsRow.Decode(_graph, row) is not { } heads)
        {
            throw new StoreException($"The store lacks the authority heads {hash} of conversation {Id}: restore the home from a backup.");
        }

        return _graph.FromHeads(heads);
    }
}
