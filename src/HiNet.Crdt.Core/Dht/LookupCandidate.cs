namespace HiNet.Crdt.Core.Dht;

/// <summary>A node that a lookup has heard of. Paths share it: one of them asks it, the others see what came of that.</summary>
internal sealed class LookupCandidate(DhtPeer peer, int depth)
{
    public DhtPeer Peer { get; } = peer;

    /// <summary>Queries one after the other up to and with the one to this node: 1 for those that were in our own table.</summary>
    public int Depth { get; } = depth;

    public LookupStep Step { get; set; }

    /// <summary>The path that asks it.</summary>
    public int Path { get; set; }
}
