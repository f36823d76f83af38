using HiNet.Crdt.Core.Dht;

namespace HiNet.Crdt.Simulation.Dht;

/// <summary>Nodes in the order of their ids, all of them: what no node knows, and a measurement is held against.</summary>
internal sealed class IdSpace
{
    private readonly List<DhtPeer> _peers;

    public IdSpace(IEnumerable<DhtPeer> peers)
    {
        _peers = [.. peers];
        _peers.Sort((left, right) => left.Id.CompareTo(right.Id));
    }

    public int Count => _peers.Count;

    public DhtPeer this[int index] => _peers[index];

    public void Add(DhtPeer peer) => _peers.Insert(IndexFor(peer.Id), peer);

    /// <summary>Takes away a node that is among these.</summary>
    public void Remove(DhtPeer peer) => _peers.RemoveAt(IndexFor(peer.Id));

    /// <summary>The nodes nearest to a target, nearest first.</summary>
    public List<DhtPeer> Nearest(DhtId target, int count)
    {
        var (from, until) = (0, _peers.Count);
        for (var bits = 1; bits <= DhtId.Bits; bits++)
        {
            var (start, end) = Range(target, bits, from, until);
            if (end - start < count)
            {
                break;
            }

            (from, until) = (start, end);
        }

        var found = _peers.GetRange(from, until - from);
        found.Sort((left, right) => target.CompareDistances(left.Id, right.Id));
        if (found.Count > count)
        {
            found.RemoveRange(count, found.Count - count);
        }

        return found;
    }

    /// <summary>Where the nodes stand that share at least so many leading bits with an id: first, and behind the last.</summary>
    public (int From, int Until) Range(DhtId id, int bits) => Range(id, bits, 0, _peers.Count);

    private int IndexFor(DhtId id) => Search(0, _peers.Count, peer => peer.CompareTo(id) >= 0);

    private (int From, int Until) Range(DhtId id, int bits, int from, int until)
    {
        var start = Search(from, until, peer => DhtId.CommonPrefix(peer, id) >= bits || peer.CompareTo(id) > 0);
        return (start, Search(start, until, peer => DhtId.CommonPrefix(peer, id) < bits));
    }

    // The first index for which it holds; it holds for all behind it too.
    private int Search(int low, int high, Func<DhtId, bool> holds)
    {
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (holds(_peers[middle].Id))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
