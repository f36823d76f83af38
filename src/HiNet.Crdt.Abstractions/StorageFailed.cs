namespace HiNet.Crdt;

/// <summary>The store refused a write. Nothing that was acknowledged is lost; nothing more is accepted until the node is started again.</summary>
public sealed record StorageFailed(DateTimeOffset Time, string Problem)
    : NodeEvent(Time);
