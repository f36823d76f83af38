namespace HiNet.Crdt;

/// <summary>A remote node sent something that the protocol forbids. It cost that node its link or channel, and nothing else.</summary>
public sealed record PeerMisbehaved(DateTimeOffset Time, NodeId? Node, string Reason, string Detail)
    : NodeEvent(Time);
