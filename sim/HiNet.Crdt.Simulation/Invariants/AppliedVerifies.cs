using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>Every applied entry was written by a device that exists: nobody's words are put into another's mouth.</summary>
internal sealed class AppliedVerifies(InvariantChecker checker) : Invariant(checker)
{
    public override string Id => "applied-verifies";

    public override void Applied(NodeProcess process, ConversationLedger ledger, LedgerEntry entry)
    {
        if (Checker.HomeOf(entry.Entry.Device) is null)
        {
            Fail($"node {process.Index} applied entry {entry.Entry.Id} of device {entry.Entry.Device}, which nobody has");
        }
    }
}
