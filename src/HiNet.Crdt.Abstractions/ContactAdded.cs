namespace HiNet.Crdt;

/// <summary>Someone can be written to: added here, or through an invite that this node issued.</summary>
public sealed record ContactAdded(DateTimeOffset Time, Contact Contact)
    : NodeEvent(Time);
