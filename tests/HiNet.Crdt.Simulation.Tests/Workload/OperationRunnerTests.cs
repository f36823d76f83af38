using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Tests.Workload;

/// <summary>People try again what came to nothing for a reason that passes, and what they do afterwards has to be accepted.</summary>
public sealed class OperationRunnerTests
{
    private static readonly Operation s_meet = new() { At = TimeSpan.FromSeconds(1), Node = 0, Do = OperationKind.Meet, Member = 1, Pick = 1 };
    private static readonly Operation s_group = new() { At = TimeSpan.FromSeconds(2), Node = 0, Do = OperationKind.Group, Members = [1], Pick = 2 };

    [Fact]
    public void What_was_asked_of_a_node_that_is_down_is_done_when_it_is_up()
    {
        var report = Run([s_meet, s_group], Down(1, 0.1, 5));
        report.Result.ShouldBe(SimulationResult.Pass, report.Problem);
        report.Metrics["ops.meet"].ShouldBe(1);
        report.Metrics["ops.group"].ShouldBe(1);
        report.Metrics["retries"].ShouldBeGreaterThan(2);
    }

    [Fact]
    public void What_could_not_be_done_before_everything_is_mended_is_done_then()
    {
        var report = Run([s_meet, s_group], Down(0, 0.1, 30));
        report.Result.ShouldBe(SimulationResult.Pass, report.Problem);
        report.Metrics["ops.group"].ShouldBe(1);
    }

    [Fact]
    public void What_can_never_succeed_is_explained()
    {
        var stranger = s_group with { Members = [2], Pick = 3, Conversation = 1 };
        var report = Run([s_meet, stranger]);
        report.Result.ShouldBe(SimulationResult.Pass, report.Problem);
        report.Explained.ShouldHaveSingleItem().ShouldContain("is not a contact");
        report.Refusals.ShouldContain(judged => judged.Reason == "NotContact" && judged.Right > 1 && judged.Wrong == 0);
    }

    [Fact]
    public void An_operation_that_is_done_many_times_at_once_is_counted_each_time()
    {
        var report = Run([s_meet, s_group, Send(4) with { Times = 130 }]);
        report.Metrics["ops.send"].ShouldBe(130);
        report.Metrics["messages"].ShouldBe(130);
        report.Marks.Keys.ShouldContain("bound.signed.run");
    }

    [Theory]
    [InlineData(65_536, 1)]
    [InlineData(65_537, 0)]
    [InlineData(0, 0)]
    public void A_text_is_as_long_as_it_is_asked_for(int bytes, int accepted)
    {
        var report = Run([s_meet, s_group, Send(4) with { Bytes = bytes }]);
        report.Metrics["ops.send"].ShouldBe(accepted);
        report.Refusals.Count.ShouldBe(1 - accepted);
        report.Result.ShouldBe(SimulationResult.Pass, report.Problem);
    }

    [Fact]
    public void An_invite_is_accepted_by_as_many_as_it_is_for()
    {
        var report = Run(
        [
            new Operation { At = TimeSpan.FromSeconds(1), Node = 0, Do = OperationKind.Invite, Invite = 5, Uses = 1 },
            new Operation { At = TimeSpan.FromSeconds(3), Node = 1, Do = OperationKind.Accept, Invite = 5 },
            new Operation { At = TimeSpan.FromSeconds(5), Node = 2, Do = OperationKind.Accept, Invite = 5 },
        ]);
        report.Result.ShouldBe(SimulationResult.Pass, report.Problem);
        report.Metrics["ops.accept"].ShouldBe(2);
        report.Marks.Keys.ShouldContain("invite.used.up");
    }

    [Fact]
    public void Who_left_and_was_added_again_holds_everything_and_may_write()
    {
        var report = Run(
        [
            s_meet, s_group,
            new Operation { At = TimeSpan.FromSeconds(4), Node = 1, Do = OperationKind.Leave },
            Send(6),
            new Operation { At = TimeSpan.FromSeconds(8), Node = 0, Do = OperationKind.Add, Member = 1 },
            Send(0.5) with { Node = 1, IsAfterwards = true },
        ]);
        report.Result.ShouldBe(SimulationResult.Pass, report.Problem);
        report.Metrics["ops.add"].ShouldBe(1);
        report.Metrics["ops.send"].ShouldBe(2);
        report.Refusals.ShouldBeEmpty();
    }

    [Fact]
    public void Leaving_an_operation_out_changes_no_attempt_of_another()
    {
        var faults = Down(1, 0.1, 5);
        var with = Run([s_meet, s_group, Send(3)], faults).Metrics["retries"];
        var without = Run([s_meet, s_group], faults).Metrics["retries"];
        var alone = Run([Send(3) with { IsDrawn = true }], faults).Metrics["retries"];
        alone.ShouldBe(2, "a drawn operation that finds nothing is looked at three times");
        with.ShouldBeGreaterThanOrEqualTo(without);
    }

    private static Operation Send(double seconds) => new() { At = TimeSpan.FromSeconds(seconds), Node = 0, Do = OperationKind.Send, Pick = 77 };

    private static IReadOnlyList<Fault> Down(int node, double from, double to) =>
    [
        new Fault { At = TimeSpan.FromSeconds(from), Kind = FaultKind.Crash, Node = node },
        new Fault { At = TimeSpan.FromSeconds(to), Kind = FaultKind.Restart, Node = node },
    ];

    private static RunReport Run(IReadOnlyList<Operation> operations, IReadOnlyList<Fault>? faults = null) => ScenarioRunner.Run(
        new Scenario { Nodes = 3, Duration = TimeSpan.FromSeconds(12), Operations = operations, Faults = faults ?? [] }, 1, "test");
}
