using HiNet.Crdt.Simulation.Nodes;
using HiNet.Crdt.Simulation.Scenarios;
using HiNet.Crdt.Simulation.Workload;

namespace HiNet.Crdt.Simulation.Tests.Scenarios;

/// <summary>Every planted bug is found by generated worlds. The table in docs/internals/simulator.md has the first seed that finds each; the same seeds are run here.</summary>
public sealed class SwarmCanaryTests
{
    [Theory]
    [InlineData(nameof(Canary.SendBeforeDurable), 1, "durable-before-sent")]
    [InlineData(nameof(Canary.LostAcknowledgedBatch), 1, "durable-prefix")]
    [InlineData(nameof(Canary.PublishedTwice), 1, "events-once-in-order")]
    [InlineData(nameof(Canary.PublishedTwiceAfterRestart), 4, "events-once-in-order")]
    [InlineData(nameof(Canary.SignatureUnchecked), 72, "past-complete")]
    [InlineData(nameof(Canary.AppliesReordered), 1, "causal-order")]
    [InlineData(nameof(Canary.WriteErrorIgnored), 12, "durable-before-sent")]
    [InlineData(nameof(Canary.DeletionResurrected), 4, "content-model")]
    [InlineData(nameof(Canary.ReceiptCountedTwice), 12, "convergence")]
    [InlineData(nameof(Canary.CausalBufferUnbounded), 10, "within-bounds")]
    [InlineData(nameof(Canary.BacklinkUnchecked), 30, "chain-intact")]
    [InlineData(nameof(Canary.FrontierByHeight), 24, "convergence")]
    [InlineData(nameof(Canary.ParentsAppliedLate), 1, "convergence")]
    [InlineData(nameof(Canary.TimeForgottenInRestart), 5, "causal-order")]
    [InlineData(nameof(Canary.ParkedRelayed), 183, "future-waits")]
    [InlineData(nameof(Canary.TextCut), 1, "content-model")]
    [InlineData(nameof(Canary.ReplyForgotten), 4, "content-model")]
    [InlineData(nameof(Canary.AuthorMistaken), 8, "content-model")]
    [InlineData(nameof(Canary.EditUntold), 2, "events-meant")]
    [InlineData(nameof(Canary.LastReceiptWins), 1, "content-model")]
    [InlineData(nameof(Canary.ReceiptsForgottenInRestart), 9, "content-model")]
    [InlineData(nameof(Canary.ReactionRowForgotten), 1, "content-model")]
    [InlineData(nameof(Canary.EditOfDeletedKept), 4, "erased-gone")]
    [InlineData(nameof(Canary.ReadMistaken), 2, "events-meant")]
    [InlineData(nameof(Canary.AbsentForGood), 37, "convergence")]
    [InlineData(nameof(Canary.AwaitedToldAtOnce), 2, "events-meant")]
    [InlineData(nameof(Canary.ParkedUnbounded), 33, "within-bounds")]
    [InlineData(nameof(Canary.ChannelsNeverRest), 18, "convergence")]
    [InlineData(nameof(Canary.NobodyWaitsForRoom), 4, "convergence")]
    [InlineData(nameof(Canary.InvitationsUnbounded), 41, "within-bounds")]
    [InlineData(nameof(Canary.ClocksByNode), 565, "future-waits")]
    [InlineData(nameof(Canary.SquattersStay), 668, "lists-meant")]
    [InlineData(nameof(Canary.FirstKeyCounts), 1119, "convergence")]
    [InlineData(nameof(Canary.LinksOfOneUnbounded), 83, "within-bounds")]
    [InlineData(nameof(Canary.AnyoneDeletes), 30, "content-model")]
    [InlineData(nameof(Canary.AbsentAcknowledged), 755, "content-model")]
    [InlineData(nameof(Canary.ForksUnreported), 24, "equivocation-reported")]
    [InlineData(nameof(Canary.StrangersStay), 286, "convergence")]
    [InlineData(nameof(Canary.EpochsNotAskedFor), 109, "convergence")]
    [InlineData(nameof(Canary.SecretsBelieved), 42, "convergence")]
    [InlineData(nameof(Canary.TurnKept), 981, "convergence")]
    [InlineData(nameof(Canary.AdditionsUnannounced), 1, "announced-meant")]
    [InlineData(nameof(Canary.ContactsReversed), 1, "lists-meant")]
    [InlineData(nameof(Canary.ContactsUnmet), 1, "lists-meant")]
    [InlineData(nameof(Canary.EquivocationMistaken), 24, "events-meant")]
    [InlineData(nameof(Canary.WaitingMiscounted), 1, "status-meant")]
    public void A_planted_bug_is_found(string canary, int seed, string invariant)
    {
        var report = ScenarioRunner.Run(
            SwarmGenerator.Generate((ulong)seed), (ulong)seed, "swarm", EngineProgram.Instance, Enum.Parse<Canary>(canary));
        report.Invariant.ShouldBe(invariant, report.Problem);
    }
}
