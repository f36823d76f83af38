using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Dht;

/// <summary>A lookup over disjoint paths, and then a put at each of the nodes found. Also what puts a slot again; then nobody waits for it.</summary>
internal sealed class PutTask(DhtNode node, long? operation, DhtSlot slot)
    : LookupTask(node, new DhtId(slot.Target), node.Options.DisjointPaths)
{
    private bool _isPut;
    private bool _isHeldHere;
    private int _underWay;
    private int _holders;
    private int _refused;
    private PutOutcome? _refusal;

    protected override void AnsweredOther(PendingQuery query, DhtPeer from, DhtAnswer answer)
    {
        _underWay--;
        var outcome = (PutOutcome)answer.Outcome;
        if (outcome is PutOutcome.Stored or PutOutcome.Unchanged)
        {
            _holders++;
        }
        else if (outcome == PutOutcome.TokenRefused && answer.Token.Length > 0 && query.Tag is false)
        {
            // It was too old, and the refusal brought another.
            Ask(from, true);
        }
        else
        {
            _refused++;
            _refusal ??= outcome;
        }
    }

    protected override void FailedOther(PendingQuery query)
    {
        _underWay--;
        if (query is { Tag: false, Peer: { } peer })
        {
            Ask(peer, true);
        }
    }

    protected override bool TryFinish()
    {
        if (!_isPut)
        {
            _isPut = true;
            List<DhtPeer> nearest = [.. Lookup.Closest.Select(candidate => candidate.Peer)];
            foreach (var peer in nearest)
            {
                Ask(peer, false);
            }

            // We are as good a holder as any that is as near.
            if (nearest.Count < Node.Options.BucketSize || Lookup.Target.CompareDistances(Node.Table.Self, nearest[^1].Id) < 0)
            {
                _isHeldHere = Node.HoldOwn(slot);
            }
        }

        if (_underWay > 0)
        {
            return false;
        }

        Node.Complete(operation, new DhtResult.PutSlot(_holders, _refused, _refusal, _isHeldHere, Cost));
        return true;
    }

    private void Ask(DhtPeer peer, bool isRepeated)
    {
        if (Node.TryAsk(DatagramKind.Put, peer.Endpoint, peer, new DhtQuery { Slot = slot.ToMessage() }, this, isRepeated))
        {
            _underWay++;
            ExtraQueries++;
        }
    }
}
