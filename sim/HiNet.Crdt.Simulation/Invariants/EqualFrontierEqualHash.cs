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
            Dictionary<IReadOnlyList<FrontierHead>, (Bytes32 Hash, int Node)> seen = new(FrontierComparer.Instance);
            List<(NodeProcess Process, IReadOnlyList<FrontierHead> Frontier)> holders = [];
            foreach (var process in Checker.Processes)
            {
                if (ledger.Held(process.Index) == 0 || !process.Home.Reader.Has(ledger.Id))
                {
                    continue;
                }

                var status = Checker.Statuses.Of(process, ledger.Id);
                if (!seen.TryAdd(status.Frontier, (status.StateHash, process.Index)) && seen[status.Frontier].Hash != status.StateHash)
                {
                    Fail($"nodes {seen[status.Frontier].Node} and {process.Index} have the same frontier of {ledger.Id} and different state hashes");
                }

                foreach (var (other, of) in holders)
                {
                    if (other.IsUp && process.IsUp && !of.SequenceEqual(status.Frontier) && HoldSame(ledger, other.Index, process.Index))
                    {
                        Fail($"nodes {other.Index} and {process.Index} hold the same entries of {ledger.Id} and have different frontiers");
                    }
                }

                holders.Add((process, status.Frontier));
            }
        }
    }

    private static bool HoldSame(ConversationLedger ledger, int one, int other) =>
        ledger.Held(one) == ledger.Held(other)
        && ledger.Entries.All(entry => entry.HeldBy.Contains(one) == entry.HeldBy.Contains(other));

    private sealed class FrontierComparer : IEqualityComparer<IReadOnlyList<FrontierHead>>
    {
        public static readonly FrontierComparer Instance = new();

        public bool Equals(IReadOnlyList<FrontierHead>? left, IReadOnlyList<FrontierHead>? right) => left!.SequenceEqual(right!);

        // Ids are hashes already.
        public int GetHashCode(IReadOnlyList<FrontierHead> frontier)
        {
            var hash = frontier.Count;
            foreach (var head in frontier)
            {
                hash = (hash * 31) + head.Head.GetHashCode();
            }

            return hash;
        }
    }
}
