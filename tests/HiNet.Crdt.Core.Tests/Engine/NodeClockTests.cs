using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine;

public sealed class NodeClockTests
{
    private const long Wall = 1_700_000_000_000;

    [Fact]
    public void A_member_has_one_voice_on_however_many_links()
    {
        var clock = Clock();
        for (var link = 1; link <= 9; link++)
        {
            clock.Observe(link, Member(1), Wall + 3_600_000, default);
        }

        clock.IsOff.ShouldBeFalse();
        clock.Corrected(default).ShouldBe(Wall);
    }

    [Fact]
    public void A_clock_is_corrected_by_what_most_members_say()
    {
        var clock = Clock();
        clock.Observe(1, Member(1), Wall + 3_600_000, default).ShouldBeFalse();
        clock.Observe(2, Member(2), Wall + 3_700_000, default).ShouldBeTrue();
        clock.Corrected(default).ShouldBe(Wall + 3_600_000);
        clock.Observe(2, default, null, default).ShouldBeTrue();
        clock.IsOff.ShouldBeFalse();
    }

    [Fact]
    public void A_clock_that_is_set_right_no_longer_counts_as_off()
    {
        var clock = new NodeClock();
        clock.Read(Wall - 300_000, default);
        clock.Observe(1, Member(1), Wall, default);
        clock.Observe(2, Member(2), Wall, default).ShouldBeTrue();
        clock.MedianOffset.ShouldBe(300_000);
        clock.Read(Wall, default);
        clock.MedianOffset.ShouldBe(0);
        clock.IsOff.ShouldBeFalse();
        clock.Corrected(default).ShouldBe(Wall);
    }

    private static NodeClock Clock()
    {
        var clock = new NodeClock();
        clock.Read(Wall, default);
        return clock;
    }

    private static IdentityId Member(byte number) => new([.. Enumerable.Repeat(number, 32)]);
}
