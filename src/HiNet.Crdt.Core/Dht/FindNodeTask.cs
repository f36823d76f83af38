namespace HiNet.Crdt.Core.Dht;

/// <summary>The owner's lookup of nodes.</summary>
internal sealed class FindNodeTask(DhtNode node, long operation, DhtId target, int paths) : LookupTask(node, target, paths)
{
    protected override bool TryFinish()
    {
        Node.Complete(operation, new DhtResult.FoundNodes([.. Lookup.Closest.Select(candidate => candidate.Peer.Contact)], Cost));
        return true;
    }
}
