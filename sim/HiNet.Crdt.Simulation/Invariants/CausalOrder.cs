using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>An entry is applied after everything it names as seen before it, and carries a later time than all of that.</summary>
internal sealed class CausalOrder(InvariantChecker checker) : Invariant(checker)
{
    public override string Id => "causal-order";

    public override void Applied(NodeProcess process, ConversationLedger ledger, LedgerEntry entry)
    {
        foreach (var predecessor in entry.Predecessors)
        {
            Require(process, ledger, entry.Entry, predecessor);
        }
    }

    private void Require(NodeProcess process, ConversationLedger ledger, AppliedEntry entry, EntryId predecessor)
    {
        var before = ledger.Find(predecessor);
        if (before is null || !before.HeldBy.Contains(process.Index))
        {
            Fail($"node {process.Index} applied {entry.Id} before {predecessor}, which it names");
        }

        if (before.Entry.Time >= entry.Time)
        {
            Fail($"node {process.Index} applied {entry.Id}, whose time is not after that of {predecessor}, which it names");
        }
    }
}
