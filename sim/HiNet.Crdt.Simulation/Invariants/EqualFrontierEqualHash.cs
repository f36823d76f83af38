using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>Two nodes that hold the same entries have equal frontiers, and two with equal frontiers have equal state hashes, at every moment.</summary>
internal sealed class EqualFrontierEqualHash(InvariantChecker checker) : Invariant(checker)
{
    public override string Id => "equal-frontier-equal-hash";

    public override void Looked() => Compare();

    public override void Quiet() => Compare();

    private void Compare()
    {
        foreach (var ledger in Checker.Ledgers)
        {
            SortedDictionary<string, (Bytes32 Hash, int Node)> seen = new(StringComparer.Ordinal);
            List<(NodeProcess Process, string Frontier)> holders = [];
            foreach (var process in Checker.Processes)
            {
                if (ledger.Held(process.Index) == 0 || !process.Home.Reader.Has(ledger.Id))
                {
                    continue;
                }

                var status = process.Home.Reader.Status(ledger.Id);
                var frontier = string.Join(' ', status.Frontier.Select(head => $"{head.Device}/{head.Seq}/{head.Head}"));
                if (!seen.TryAdd(frontier, (status.StateHash, process.Index)) && seen[frontier].Hash != status.StateHash)
                {
                    Fail($"nodes {seen[frontier].Node} and {process.Index} have the same frontier of {ledger.Id} and different state hashes");
                }

                foreach (var (other, of) in holders)
                {
                    if (of != frontier && other.IsUp && process.IsUp && HoldSame(ledger, other.Index, process.Index))
                    {
                        Fail($"nodes {other.Index} and {process.Index} hold the same entries of {ledger.Id} and have different frontiers");
                    }
                }

                holders.Add((process, frontier));
            }
        }
    }

    private static bool HoldSame(ConversationLedger ledger, int one, int other) =>
        ledger.Held(one) == ledger.Held(other)
        && ledger.Entries.All(entry => entry.HeldBy.Contains(one) == entry.HeldBy.Contains(other));
}
