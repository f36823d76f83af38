using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>An entry that some node has applied, and where it is durable.</summary>
internal sealed class LedgerEntry(AppliedEntry entry)
{
    public AppliedEntry Entry { get; } = entry;

    public NodeSet HeldBy { get; } = new();
}
