namespace HiNet.Crdt;

/// <summary>Something that happened to the node itself. Not kept: only current subscribers see it.</summary>
/// <param name="Time">When, by this node's clock.</param>
public abstract record NodeEvent(DateTimeOffset Time);
