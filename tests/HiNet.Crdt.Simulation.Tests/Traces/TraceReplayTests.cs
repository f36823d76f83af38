using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Traces;

namespace HiNet.Crdt.Simulation.Tests.Traces;

public sealed class TraceReplayTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_history_with_forks_and_merges_converges_in_any_order(int seed)
    {
        var report = TraceReplay.Run(History((ulong)seed, 300, 9), (ulong)seed, 4, "history");
        report.Problem.ShouldBeNull();
        report.Result.ShouldBe(SimulationResult.Pass);
        report.Metrics["entries"].ShouldBe(300);
        TraceReplay.Run(History((ulong)seed, 300, 9), (ulong)seed, 4, "history").TraceHash.ShouldBe(report.TraceHash);
    }

    [Fact]
    public void More_authors_than_a_group_begins_with_are_added_one_by_one()
    {
        var report = TraceReplay.Run(History(1, 40, 300), 1, 2, "history");
        report.Problem.ShouldBeNull();
        report.Result.ShouldBe(SimulationResult.Pass);
        report.Metrics["entries"].ShouldBe(40);
    }

    [Fact]
    public void A_history_with_more_authors_than_a_group_takes_is_refused_with_a_sentence() =>
        Should.Throw<HiNetException>(() => TraceReplay.Run(History(1, 1, 2_000), 1, 2, "history")).Message.ShouldContain("2,001 authors");

    // Each author goes on from one to three of the newest entries, and always from their own last one by what they have seen.
    private static CausalTrace History(ulong seed, int entries, int authors)
    {
        var random = new KeyedRandom(seed);
        List<TraceEntry> history = [];
        for (var i = 0; i < entries; i++)
        {
            SortedSet<int> parents = [];
            for (ulong p = 0; i > 0 && p <= random.Draw(DrawStream.Replay, (ulong)i, 9) % 3; p++)
            {
                parents.Add(i - 1 - (int)random.Below(DrawStream.Replay, (ulong)i, p, Math.Min(i, 12)));
            }

            history.Add(new TraceEntry(i + 1, [.. parents], (int)random.Below(DrawStream.Replay, (ulong)i, 10, authors), i % 7 == 0 ? string.Empty : $"text {i}"));
        }

        return new CausalTrace([.. Enumerable.Range(0, authors).Select(author => $"a{author:000}")], history);
    }
}
