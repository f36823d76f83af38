using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>A contact in the table, and how it has been.</summary>
internal sealed class RoutingEntry(DhtPeer peer, Instant lastSeen)
{
    /// <summary>Who, and where.</summary>
    public DhtPeer Peer { get; set; } = peer;

    /// <summary>When it last proved that it is there.</summary>
    public Instant LastSeen { get; set; } = lastSeen;

    /// <summary>Unanswered queries since.</summary>
    public int Failures { get; set; }

    /// <summary>Where it answered from as well: counts as soon as it no longer answers at the old place.</summary>
    public DhtPeer? MovedTo { get; set; }

    /// <summary>A ping to it is under way.</summary>
    public bool IsPinged { get; set; }
}
