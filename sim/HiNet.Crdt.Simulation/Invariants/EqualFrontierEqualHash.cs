namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>Two nodes with equal frontiers have equal state hashes, at every moment.</summary>
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
            foreach (var process in Checker.Processes)
            {
                if (ledger.Held(process.Index) == 0 || !process.Home.Reader.Has(ledger.Id))
                {
                    continue;
                }

                var status = process.Home.Reader.Status(ledger.Id);
                if (!seen.TryAdd(status.Frontier, (status.StateHash, process.Index)) && seen[status.Frontier].Hash != status.StateHash)
                {
                    Fail($"nodes {seen[status.Frontier].Node} and {process.Index} have the same frontier of {ledger.Id} and different state hashes");
                }
            }
        }
    }

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
