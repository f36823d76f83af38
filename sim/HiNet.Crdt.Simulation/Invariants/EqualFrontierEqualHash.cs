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
            SortedDictionary<string, (Bytes32 Hash, int Node)> seen = new(StringComparer.Ordinal);
            foreach (var process in Checker.Processes)
            {
                if (ledger.Held(process.Index) == 0 || !process.Home.Reader.Has(ledger.Id))
                {
                    continue;
                }

                var status = Checker.Statuses.Of(process, ledger.Id);
                var frontier = string.Join(' ', status.Frontier.Select(head => $"{head.Device}/{head.Seq}/{head.Head}"));
                if (!seen.TryAdd(frontier, (status.StateHash, process.Index)) && seen[frontier].Hash != status.StateHash)
                {
                    Fail($"nodes {seen[frontier].Node} and {process.Index} have the same frontier of {ledger.Id} and different state hashes");
                }
            }
        }
    }
}
