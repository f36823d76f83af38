namespace HiNet.Crdt;

/// <summary>A link has ended.</summary>
public sealed record PeerDisconnected(DateTimeOffset Time, NodeId Node, string Reason)
    : NodeEvent(Time);
