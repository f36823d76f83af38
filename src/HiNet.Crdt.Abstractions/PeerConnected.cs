namespace HiNet.Crdt;

/// <summary>A link to another node is up: both ends have proved their keys.</summary>
public sealed record PeerConnected(DateTimeOffset Time, NodeId Node)
    : NodeEvent(Time);
