namespace HiNet.Crdt.Core.Tests.Discovery;

public sealed class MdnsContextTests
{
    [Fact]
    public void A_drawn_time_lies_between_both_ends_or_on_one_and_each_has_a_draw_of_its_own()
    {
        var bench = new LinkBench();
        foreach (var (draw, milliseconds) in LinkBench.EndsOf(20, 120))
        {
            bench.Drawn = draw;
            bench.Context.Jitter(20, 120).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
        }

        bench.Drawn = 12_345;
        bench.Context.Jitter(20, 120).ShouldBe(TimeSpan.FromMilliseconds(32.345));
        bench.Draws.ShouldBe([0ul, 1ul, 2ul, 3ul]);
    }
}
