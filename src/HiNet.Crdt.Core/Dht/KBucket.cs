using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>The contacts that share a certain number of leading bits with us: at most k, the least recently seen first, and as many in reserve.</summary>
internal sealed class KBucket
{
    public List<RoutingEntry> Entries { get; } = [];

    /// <summary>Proven contacts for which there was no room, the latest last. Null while there were none.</summary>
    public List<DhtPeer>? Reserve { get; private set; }

    /// <summary>When something in this bucket was last looked up.</summary>
    public Instant LookedUpAt { get; set; }

    public int IndexOf(DhtId id)
    {
        for (var i = 0; i < Entries.Count; i++)
        {
            if (Entries[i].Peer.Id == id)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Moves an entry to the end: the most recently seen.</summary>
    public void Touch(int index, Instant now)
    {
        var entry = Entries[index];
        Entries.RemoveAt(index);
        Entries.Add(entry);
        entry.LastSeen = now;
        entry.Failures = 0;
        entry.MovedTo = null;
    }

    public void KeepInReserve(DhtPeer peer, int capacity)
    {
        Reserve ??= [];
        Reserve.RemoveAll(kept => kept.Id == peer.Id);
        if (Reserve.Count == capacity)
        {
            Reserve.RemoveAt(0);
        }

        Reserve.Add(peer);
    }
}
