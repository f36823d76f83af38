namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>Every node shows the messages that it holds in the order of a plain sorted set: by time, then by id.</summary>
internal sealed class ReferenceModel(InvariantChecker checker) : Invariant(checker)
{
    private const int LargestPage = 10_000;

    public override string Id => "reference-model";

    public override void Quiet()
    {
        foreach (var ledger in Checker.Ledgers)
        {
            foreach (var process in Checker.Processes)
            {
                if (ledger.Held(process.Index) == 0)
                {
                    continue;
                }

                var expected = ledger.MessagesOf(process.Index);
                var skipped = Math.Max(0, expected.Count - LargestPage);
                var shown = process.Home.Reader.ReadPage(ledger.Id, LargestPage, null);
                if (shown.Count != expected.Count - skipped)
                {
                    Fail($"node {process.Index} shows {shown.Count} messages of {ledger.Id} instead of {expected.Count - skipped}");
                }

                for (var i = 0; i < shown.Count; i++)
                {
                    if (shown[i].Id != expected[i + skipped])
                    {
                        Fail($"node {process.Index} shows {shown[i].Id} as message {i + 1} of {ledger.Id} instead of {expected[i + skipped]}");
                    }
                }
            }
        }
    }
}
