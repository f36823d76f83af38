using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Dht;

/// <summary>A lookup under way: carries out what <see cref="ClosestNodesLookup"/> decides.</summary>
internal abstract class LookupTask : QueryOwner
{
    /// <summary>
    /// How long nodes are asked for nearer ones. An honest network takes a second or two; who answers as late as one may, with news each
    /// time, takes no longer than this. A query waits three seconds at most, so that the end is seen soon enough when one comes back.
    /// </summary>
    internal static readonly TimeSpan LongestWalk = TimeSpan.FromSeconds(30);

    private readonly Instant _startedAt;
    private bool _isOver;

    protected LookupTask(DhtNode node, DhtId target, int paths)
    {
        Node = node;
        _startedAt = node.Now;
        var seeds = node.Table.Closest(target, DatagramPayload.MaxContacts, isReliable: false);
        Lookup = new ClosestNodesLookup(node.Table.Self, target, node.Options.BucketSize, node.Options.Concurrency, paths, seeds);
        node.Table.LookedUp(target, node.Now);
    }

    protected DhtNode Node { get; }

    protected ClosestNodesLookup Lookup { get; }

    /// <summary>Queries beyond those of the lookup itself.</summary>
    protected int ExtraQueries { get; set; }

    protected DhtCost Cost => new(Lookup.Hops, Lookup.Queries + ExtraQueries, Node.Now - _startedAt);

    public void Start() => Continue();

    public override void Answered(PendingQuery query, DhtPeer from, DhtAnswer answer)
    {
        if (query.Tag is not LookupCandidate candidate)
        {
            AnsweredOther(query, from, answer);
        }
        else if (!_isOver)
        {
            Lookup.Answered(candidate, Told(from, answer));
            Heard(candidate, answer);
        }

        Continue();
    }

    public override void Failed(PendingQuery query)
    {
        if (query.Tag is LookupCandidate candidate)
        {
            Lookup.Failed(candidate);
        }
        else
        {
            FailedOther(query);
        }

        Continue();
    }

    /// <summary>Something else that the end waited for has come.</summary>
    protected void Resume() => Continue();

    /// <summary>A node of the lookup has answered.</summary>
    protected virtual void Heard(LookupCandidate candidate, DhtAnswer answer)
    {
    }

    /// <summary>A query that was not the lookup's own was answered.</summary>
    protected virtual void AnsweredOther(PendingQuery query, DhtPeer from, DhtAnswer answer)
    {
    }

    /// <summary>A query that was not the lookup's own was not answered.</summary>
    protected virtual void FailedOther(PendingQuery query)
    {
    }

    /// <summary>The nearest nodes are known. Called again whenever something comes in until it returns true: then all is done.</summary>
    protected abstract bool TryFinish();

    private void Continue()
    {
        if (_isOver)
        {
            return;
        }

        if (Node.Now - _startedAt >= LongestWalk)
        {
            Lookup.End();
        }

        do
        {
            while (Lookup.Next() is { } candidate)
            {
                var query = new DhtQuery { Target = CanonicalProtobuf.Field(Lookup.Target.Value) };
                var path = Lookup.PathOf(candidate);
                if (!Node.TryAsk(
                    DatagramKind.FindNode, candidate.Peer.Endpoint, candidate.Peer, query, this, candidate, path.Known(Node.Options.BucketSize), path.IsSettled))
                {
                    Lookup.Failed(candidate);
                }
            }
        }
        while (TryWiden());

        if (Lookup.IsDone)
        {
            _isOver = TryFinish();
        }
    }

    // Fewer than k nodes have answered, and nobody is left to ask: those that we knew nearest are gone, but we may know others.
    private bool TryWiden() =>
        Lookup.IsDone
        && Lookup.AnsweredNodes < Node.Options.BucketSize
        && Lookup.Queries < ClosestNodesLookup.MaxQueries
        && Lookup.Widen(Node.Table.Closest(Lookup.Target, int.MaxValue, isReliable: false));

    // What a node tells is hearsay: worth a question, if one can be sent there at all.
    private IEnumerable<DhtPeer> Told(DhtPeer from, DhtAnswer answer)
    {
        foreach (var encoded in answer.Contacts)
        {
            if (!DhtContact.TryDecode(encoded.Span, out var contact) || !contact.Endpoint.IsUsable || contact.Endpoint.Scope < from.Endpoint.Scope)
            {
                Node.Count(DhtInstruments.RefusedContact);
                continue;
            }

            yield return DhtPeer.Of(Node.Cryptography, contact);
        }
    }
}
