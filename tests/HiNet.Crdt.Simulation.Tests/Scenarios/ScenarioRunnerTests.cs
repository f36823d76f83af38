using HiNet.Crdt.Simulation.Network;
using HiNet.Crdt.Simulation.Nodes;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Tests.Scenarios;

public sealed class ScenarioRunnerTests
{
    private static readonly Scenario s_busy = new()
    {
        Nodes = 3,
        Duration = TimeSpan.FromSeconds(20),
        Network = new NetworkOptions { Loss = 0.02 },
        Workload = new WorkloadOptions { MessagesPerSecond = 4, Conversations = 2 },
        Faults =
        [
            new Fault { At = TimeSpan.FromSeconds(8), Kind = FaultKind.Crash, Node = 1, Effect = 1 },
            new Fault { At = TimeSpan.FromSeconds(11), Kind = FaultKind.Restart, Node = 1 },
            new Fault { At = TimeSpan.FromSeconds(12), Kind = FaultKind.PowerLoss, Node = 2 },
            new Fault { At = TimeSpan.FromSeconds(14), Kind = FaultKind.Restart, Node = 2 },
        ],
    };

    [Fact]
    public void A_run_converges_and_says_what_it_did()
    {
        var report = ScenarioRunner.Run(s_busy, 1, "busy");
        report.Problem.ShouldBeNull();
        report.Result.ShouldBe(SimulationResult.Pass);
        report.Metrics["messages"].ShouldBeGreaterThan(30);
        report.Metrics["ops.send"].ShouldBeGreaterThan(30);
        report.Marks.Keys.ShouldContain("epoch.created");
    }

    [Fact]
    public void A_seed_runs_the_same_twice() =>
        ScenarioRunner.Run(s_busy, 2, "busy").TraceHash.ShouldBe(ScenarioRunner.Run(s_busy, 2, "busy").TraceHash);

    [Fact]
    public void Real_cryptography_runs_the_same_twice_too()
    {
        var real = s_busy with { RealCryptography = true, Duration = TimeSpan.FromSeconds(8) };
        ScenarioRunner.Run(real, 2, "busy").TraceHash.ShouldBe(ScenarioRunner.Run(real, 2, "busy").TraceHash);
    }

    [Theory]
    [InlineData(nameof(Canary.SendBeforeDurable), "durable-before-sent", 3)]
    [InlineData(nameof(Canary.LostAcknowledgedBatch), "", 10)]
    [InlineData(nameof(Canary.PublishedTwice), "events-once-in-order", 1)]
    public void A_planted_bug_is_caught_within_so_many_seeds(string canary, string invariant, int seeds)
    {
        for (var seed = 1; seed <= seeds; seed++)
        {
            var report = ScenarioRunner.Run(s_busy, (ulong)seed, "busy", EngineProgram.Instance, Enum.Parse<Canary>(canary));
            if (report.Result is SimulationResult.Safety or SimulationResult.Crash)
            {
                (report.Invariant ?? string.Empty).ShouldContain(invariant);
                return;
            }
        }

        Assert.Fail($"{canary} was not caught.");
    }

    [Fact]
    public void A_kind_of_operation_that_never_succeeded_makes_the_run_unknown()
    {
        var report = ScenarioRunner.Run(
            s_busy with { Operations = [new Operation { At = TimeSpan.FromSeconds(5), Node = 0, Do = OperationKind.Add, Member = 1, Conversation = 77 }] }, 1, "busy");
        report.Result.ShouldBe(SimulationResult.Unknown);
        report.Problem!.ShouldContain("1 operations of the kind Add were attempted and none succeeded");
    }

    [Fact]
    public void A_shortened_list_of_operations_changes_no_other_operation()
    {
        var all = Workload.Expand(s_busy, 5);
        var without = Workload.Expand(s_busy with { Operations = [new Operation { At = TimeSpan.FromSeconds(3), Node = 0, Do = OperationKind.Send }] }, 5);
        without.Skip(1).SequenceEqual(all, new OperationComparer()).ShouldBeTrue();
    }

    private static class Workload
    {
        public static IReadOnlyList<Operation> Expand(Scenario scenario, ulong seed) =>
            Simulation.Workload.WorkloadGenerator.Expand(scenario, new Simulation.Kernel.KeyedRandom(seed)).Operations;
    }

    private sealed class OperationComparer : IEqualityComparer<Operation>
    {
        public bool Equals(Operation? x, Operation? y) => (x! with { Members = [] }) == (y! with { Members = [] }) && x.Members.SequenceEqual(y.Members);

        public int GetHashCode(Operation operation) => 0;
    }
}
