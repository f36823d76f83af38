using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>What is durable stays: a stored entry is never replaced by another one or deleted (its body may be), and a restarted node finds all of them.</summary>
internal sealed class DurablePrefix(InvariantChecker checker) : Invariant(checker)
{
    public override string Id => "durable-prefix";

    public override void Replaced(NodeProcess process, in StoreChange change, byte[] before)
    {
        var was = process.Home.ReadEntry(change with { Value = before });
        if (was is null)
        {
            return;
        }

        var now = change.Value is null ? null : process.Home.ReadEntry(change);
        if (now?.Id != was.Id)
        {
            Fail($"node {process.Index} {(now is null ? "deleted" : "replaced")} entry {was.Id} (seq {was.Seq}) on its disk");
        }
    }

    public override void Booted(NodeProcess process)
    {
        foreach (var ledger in Checker.Ledgers)
        {
            var found = process.Home.Reader.Has(ledger.Id) ? process.Home.Reader.Status(ledger.Id).Entries : 0;
            if (found < ledger.Held(process.Index))
            {
                Fail($"node {process.Index} found {found} entries of {ledger.Id} after its start, and had made {ledger.Held(process.Index)} durable");
            }
        }
    }
}
