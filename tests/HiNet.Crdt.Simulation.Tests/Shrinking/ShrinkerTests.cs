using HiNet.Crdt.Simulation.Failures;
using HiNet.Crdt.Simulation.Network;
using HiNet.Crdt.Simulation.Nodes;
using HiNet.Crdt.Simulation.Scenarios;
using HiNet.Crdt.Simulation.Shrinking;
using HiNet.Crdt.Simulation.Tests.Support;
using HiNet.Crdt.Simulation.Traces;

namespace HiNet.Crdt.Simulation.Tests.Shrinking;

public sealed class ShrinkerTests
{
    private static readonly Scenario s_busy = new()
    {
        Nodes = 4,
        Duration = TimeSpan.FromSeconds(40),
        Network = new NetworkOptions { Loss = 0.02 },
        ClockSkew = TimeSpan.FromMilliseconds(300),
        Workload = new WorkloadOptions { MessagesPerSecond = 4, Conversations = 2 },
        Faults =
        [
            new Fault { At = TimeSpan.FromSeconds(6), Kind = FaultKind.Partition, Groups = [[0, 1], [2, 3]] },
            new Fault { At = TimeSpan.FromSeconds(9), Kind = FaultKind.Heal },
            new Fault { At = TimeSpan.FromSeconds(12), Kind = FaultKind.Crash, Node = 1, Effect = 1 },
            new Fault { At = TimeSpan.FromSeconds(15), Kind = FaultKind.Restart, Node = 1 },
            new Fault { At = TimeSpan.FromSeconds(17), Kind = FaultKind.PowerLoss, Node = 2 },
            new Fault { At = TimeSpan.FromSeconds(19), Kind = FaultKind.Restart, Node = 2 },
        ],
    };

    [Theory]
    [InlineData(nameof(Canary.SendBeforeDurable), 1, 2)]
    [InlineData(nameof(Canary.LostAcknowledgedBatch), 1, 6)]
    [InlineData(nameof(Canary.PublishedTwice), 1, 2)]
    public void A_planted_bug_shrinks_to_a_few_operations_that_break_the_same_invariant(string canary, int seed, int parts)
    {
        var failure = Fail(Enum.Parse<Canary>(canary), (ulong)seed);
        var result = new Shrinker().Shrink(failure);
        result.IsReproduced.ShouldBeTrue();
        result.IsMinimal.ShouldBeTrue();
        result.Failure.Invariant.ShouldBe(failure.Invariant);
        (result.Failure.Scenario!.Operations.Count + result.Failure.Scenario.Faults.Count).ShouldBeLessThanOrEqualTo(parts);
        result.Failure.Scenario.Nodes.ShouldBeLessThanOrEqualTo(2);
        result.Failure.Scenario.Duration.ShouldBeLessThan(TimeSpan.FromSeconds(5));

        var again = FailureReplay.Run(FailureReader.Parse(FailureWriter.Write(result.Failure)));
        failure.IsShownBy(again).ShouldBeTrue(again.Problem);
        again.TraceHash.ShouldBe(result.Failure.TraceHash);
        again.VirtualTime.ShouldBe(result.Failure.At);
    }

    [Fact]
    public void The_same_failure_shrinks_to_the_same_file()
    {
        var failure = Fail(Canary.LostAcknowledgedBatch, 3);
        FailureWriter.Write(new Shrinker().Shrink(failure).Failure).ShouldBe(FailureWriter.Write(new Shrinker().Shrink(failure).Failure));
    }

    [Theory]
    [InlineData(nameof(ToyBug.Throws), "engine-exception", 2)]
    [InlineData(nameof(ToyBug.NeverDialsAgain), "convergence", 4)]
    [InlineData(nameof(ToyBug.SendsBeforeDurable), "durable-before-sent", 4)]
    public void A_bug_of_another_machine_shrinks_too(string bug, string invariant, int parts)
    {
        // A partition that outlives every link, in which the toy that never dials again stays alone.
        var scenario = s_busy with
        {
            Workload = null,
            Faults =
            [
                .. s_busy.Faults.Skip(2),
                new Fault { At = TimeSpan.FromSeconds(3), Kind = FaultKind.Partition, Groups = [[0, 1], [2, 3]] },
                new Fault { At = TimeSpan.FromSeconds(38), Kind = FaultKind.Heal },
            ],
            Operations =
            [
                new Operation { At = TimeSpan.FromSeconds(1), Node = 0, Do = OperationKind.Group, Members = [1, 2, 3] },
                .. Enumerable.Range(0, 60).Select(i => new Operation
                {
                    At = TimeSpan.FromMilliseconds(2_000 + (i * 300)),
                    Node = i % 4,
                    Do = OperationKind.Send,
                    Text = i == 43 && bug == nameof(ToyBug.Throws) ? "throw" : $"text {i}",
                }),
            ],
        };
        RunReport Run(Failure failure) => ScenarioRunner.Run(failure.Scenario!, failure.Seed, failure.Name, new ToyProgram(Enum.Parse<ToyBug>(bug)), Canary.None);
        var found = ScenarioRunner.Run(scenario, 2, "toy", new ToyProgram(Enum.Parse<ToyBug>(bug)), Canary.None);
        found.Invariant.ShouldBe(invariant, found.Problem);

        var result = new Shrinker(2_000, null, Run).Shrink(Failure.Of(found, scenario));
        result.Failure.Invariant.ShouldBe(invariant);
        var small = result.Failure.Scenario!;
        (small.Operations.Count + small.Faults.Count).ShouldBeLessThanOrEqualTo(parts, FailureWriter.Write(result.Failure));
        if (bug == nameof(ToyBug.Throws))
        {
            small.Operations[^1].Text.ShouldBe("throw");
        }
    }

    [Fact]
    public void A_bound_on_runs_ends_with_the_smallest_failure_so_far()
    {
        var progress = new Steps();
        var result = new Shrinker(12, progress).Shrink(Fail(Canary.LostAcknowledgedBatch, 1));
        result.Runs.ShouldBe(12);
        result.IsMinimal.ShouldBeFalse();
        FailureReplay.Run(result.Failure).Invariant.ShouldBe(result.Failure.Invariant);
        progress.Seen.Count.ShouldBe(11);
        progress.Seen[^1].MaximumRuns.ShouldBe(12);
        progress.Seen[^1].Operations.ShouldBe(result.Failure.Scenario!.Operations.Count);
    }

    [Fact]
    public void What_does_not_happen_any_more_stays_as_it_is()
    {
        var failure = Fail(Canary.PublishedTwice, 1) with { Planted = null };
        var result = new Shrinker().Shrink(failure);
        result.IsReproduced.ShouldBeFalse();
        result.Failure.ShouldBeSameAs(failure);
        result.Report.Result.ShouldBeOneOf(SimulationResult.Pass, SimulationResult.Unknown);
    }

    [Fact]
    public void A_difference_between_processes_is_refused_with_what_to_do_instead() =>
        Should.Throw<HiNetException>(() => new Shrinker().Shrink(Fail(Canary.PublishedTwice, 1) with { Result = SimulationResult.Nondeterminism }))
            .Message.ShouldContain("--log");

    [Fact]
    public void A_history_shrinks_to_the_entries_that_matter_with_what_their_authors_had_seen()
    {
        // Entry i has seen entry i - 1; the imagined bug needs 7 and 30.
        var history = new CausalTrace(["a", "b"], [.. Enumerable.Range(0, 40).Select(i => new TraceEntry(100 + i, i == 0 ? [] : [i - 1], i % 2, "x"))]);
        static RunReport Run(Failure failure) => Report(
            failure.Trace!.History.Entries.Any(entry => entry.Id == 107) && failure.Trace.History.Entries.Any(entry => entry.Id == 130) ? SimulationResult.Safety : SimulationResult.Pass);
        var result = new Shrinker(2_000, null, Run).Shrink(Failure.Of(Report(SimulationResult.Safety), new FailedTrace(history, 2)));
        result.Failure.Trace!.History.Entries.Select(entry => entry.Id).ShouldBe([107L, 130L]);
        result.Failure.Trace.History.Entries[1].Parents.ShouldBe([0]);
        result.Failure.Trace.History.Authors.ShouldBe(["b", "a"]);
    }

    private static Failure Fail(Canary canary, ulong seed)
    {
        var report = ScenarioRunner.Run(s_busy, seed, "busy", EngineProgram.Instance, canary);
        report.Result.ShouldBe(SimulationResult.Safety, report.Problem);
        return Failure.Of(report, s_busy) with { Planted = canary.ToString() };
    }

    private static RunReport Report(SimulationResult result) => new()
    {
        Result = result,
        Invariant = result == SimulationResult.Safety ? "causal-order" : null,
        Problem = result == SimulationResult.Safety ? "x" : null,
        Seed = 1,
        Scenario = "history",
        Events = 1,
        VirtualTime = TimeSpan.FromSeconds(1),
        WallTime = TimeSpan.Zero,
        TraceHash = 1,
        Marks = new Dictionary<string, long>(),
        Metrics = new Dictionary<string, double>(),
    };

    private sealed class Steps : IProgress<ShrinkProgress>
    {
        public List<ShrinkProgress> Seen { get; } = [];

        public void Report(ShrinkProgress value) => Seen.Add(value);
    }
}
