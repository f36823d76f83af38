using HiNet.Crdt.Core.Engine.Driving;

namespace HiNet.Crdt.Core.Tests.Engine.Driving;

public class UnwrittenInputTests
{
    [Fact]
    public void What_comes_to_nothing_does_not_wait()
    {
        var input = new UnwrittenInput();
        input.Received(100);
        input.Settle().ShouldBe(0);
    }

    [Fact]
    public void What_comes_while_a_batch_is_under_way_waits_for_the_next_one()
    {
        var input = new UnwrittenInput();
        input.Received(100);
        input.Handed();
        input.Settle().ShouldBe(100);
        input.Received(30);
        input.Received(4);
        input.Settle().ShouldBe(134);

        input.Answered();
        input.Handed();
        input.Settle().ShouldBe(34);
        input.Answered();
        input.Settle().ShouldBe(0);
    }

    [Fact]
    public void An_answer_that_hands_over_nothing_leaves_nothing_waiting()
    {
        var input = new UnwrittenInput();
        input.Received(100);
        input.Handed();
        input.Received(34);
        input.Answered();
        input.Settle().ShouldBe(0);
    }
}
