using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>Every applied entry stands in its device's chain: behind the entry of the same device that has the seq before its own.</summary>
internal sealed class ChainIntact(InvariantChecker checker) : Invariant(checker)
{
    public override string Id => "chain-intact";

    public override void Applied(NodeProcess process, ConversationLedger ledger, LedgerEntry entry)
    {
        var applied = entry.Entry;
        if (applied.Previous is not { } previous)
        {
            if (applied.Seq != 0)
            {
                Fail($"node {process.Index} applied {applied.Id} with seq {applied.Seq}, which names none before it");
            }

            return;
        }

        if (ledger.Find(previous) is { } before && (before.Entry.Device != applied.Device || before.Entry.Seq + 1 != applied.Seq))
        {
            Fail($"node {process.Index} applied {applied.Id} of device {applied.Device} with seq {applied.Seq} behind an entry of device {before.Entry.Device} with seq {before.Entry.Seq}");
        }
    }
}
