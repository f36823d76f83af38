using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>The bounds of what a command may say.</summary>
public sealed class NodeCoreCommandsTests
{
    private readonly LoopbackNode _alice = new LoopbackWorld().Add("alice");

    [Fact]
    public void The_longest_text_is_taken_and_a_longer_one_counts_as_one_that_met_its_bound()
    {
        var notes = _alice.Direct(_alice);
        _alice.Send(notes, new string('x', EntryLimits.MaxTextBytes - 1));
        _alice.Send(notes, new string('x', EntryLimits.MaxTextBytes));
        _alice.Hits("bound.text").ShouldBe(0);
        _alice.Refusal(new NodeCommand.SendText(notes, new string('x', EntryLimits.MaxTextBytes + 1), null)).ShouldContain("split it");
        _alice.Hits("bound.text").ShouldBe(1);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_reaction_has_1_to_64_bytes(int length, bool isTaken)
    {
        var notes = _alice.Direct(_alice);
        var message = _alice.Send(notes, "note");
        var result = _alice.Do(new NodeCommand.React(notes, message, new string('x', length), false));
        (result is NodeResult.Written).ShouldBe(isTaken);
    }
}
