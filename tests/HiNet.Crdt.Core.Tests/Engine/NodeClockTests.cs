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
        clock.Corrected(default).ShouldBe(Wall + 300_000);
        clock.Observe(2, default, null, default).ShouldBeTrue();
        clock.IsOff.ShouldBeFalse();
    }

    [Fact]
    public void A_clock_that_is_ahead_is_corrected_however_far_and_one_that_is_behind_up_to_what_others_take()
    {
        const long Year = 365L * 86_400_000;
        var clock = Clock();
        Agree(clock, Wall - (50 * Year));
        clock.Corrected(default).ShouldBe(Wall - (50 * Year));
        Agree(clock, Wall + 299_999);
        clock.Corrected(default).ShouldBe(Wall + 299_999);
        Agree(clock, Wall + 300_001);
        clock.Corrected(default).ShouldBe(Wall + 300_000);
        Agree(clock, Wall + (50 * Year));
        clock.Corrected(default).ShouldBe(Wall + 300_000);
        clock.Limit(default).ShouldBe(Wall + 86_400_000 + 300_000);
    }

    [Fact]
    public void A_clock_that_was_never_set_is_corrected_by_as_much_as_it_takes()
    {
        var clock = new NodeClock();
        clock.Read(Limits.EarliestTime - 1, default);
        Agree(clock, Wall);
        clock.Corrected(default).ShouldBe(Wall);
        clock.Limit(default).ShouldBe(Wall + 300_000);
        clock.Read(Limits.EarliestTime, default);
        Agree(clock, Wall);
        clock.Corrected(default).ShouldBe(Limits.EarliestTime + 300_000);
    }

    [Fact]
    public void After_a_sleep_in_which_the_monotonic_clock_stood_still_the_own_clock_counts()
    {
        var clock = Clock();
        Agree(clock, Wall);
        clock.Read(Wall + 28_800_000, default).ShouldBeTrue();
        clock.Corrected(default).ShouldBe(Wall + 28_800_000);
        clock.IsOff.ShouldBeFalse();
        Agree(clock, Wall);
        clock.Corrected(default).ShouldBe(Wall, "it was set wrongly, as everyone says now");
    }

    [Theory]
    [InlineData(120_000, false)]
    [InlineData(120_001, true)]
    [InlineData(-3_600_000, false)]
    public void A_small_step_and_one_back_leave_what_members_said(long step, bool isForgotten)
    {
        var clock = Clock();
        Agree(clock, Wall - 3_600_000);
        clock.Read(Wall + step, default).ShouldBe(isForgotten);
        clock.MedianOffset.ShouldBe(isForgotten ? 0 : -3_600_000 - step);
    }

    [Fact]
    public void A_clock_that_is_set_right_no_longer_counts_as_off()
    {
        var clock = new NodeClock();
        clock.Read(Wall - 300_000, default);
        clock.Observe(1, Member(1), Wall, default);
        clock.Observe(2, Member(2), Wall, default).ShouldBeTrue();
        clock.MedianOffset.ShouldBe(300_000);
        clock.Read(Wall, default).ShouldBeTrue();
        clock.MedianOffset.ShouldBe(0);
        clock.IsOff.ShouldBeFalse();
        clock.Corrected(default).ShouldBe(Wall);
    }

    [Fact]
    public void A_clock_is_off_beyond_the_tolerance_and_not_at_it()
    {
        var clock = Clock();
        Agree(clock, Wall + 120_000);
        (clock.MedianOffset, clock.IsOff).ShouldBe((120_000, false));
        Agree(clock, Wall + 120_001);
        (clock.MedianOffset, clock.IsOff).ShouldBe((120_001, true));
        Agree(clock, Wall - 120_001);
        (clock.MedianOffset, clock.IsOff).ShouldBe((-120_001, true));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3_600_000, 3_600_000)]
    [InlineData(-3_600_000, 0)]
    public void Entries_may_be_stamped_five_minutes_after_the_later_of_the_own_and_the_members_time(long offset, long later)
    {
        var clock = Clock();
        clock.Limit(default).ShouldBe(Wall + 300_000);
        Agree(clock, Wall + offset);
        clock.Limit(default).ShouldBe(Wall + later + 300_000);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(long.MinValue, 0)]
    [InlineData((1L << 48) - 1, (1L << 48) - 1)]
    [InlineData(long.MaxValue, 1L << 48)]
    public void A_time_that_no_timestamp_holds_counts_as_the_nearest_that_one_does(long said, long counted)
    {
        var clock = Clock();
        Agree(clock, said);
        clock.MedianOffset.ShouldBe(counted - Wall);
    }

    [Fact]
    public void Of_several_members_the_middle_one_counts_each_by_its_newest_link()
    {
        var clock = Clock();
        clock.Observe(1, Member(1), Wall + 3_600_000, default);
        clock.Observe(2, Member(1), Wall + 7_200_000, default);
        clock.Observe(3, Member(2), Wall + 7_200_000, default);
        clock.MedianOffset.ShouldBe(7_200_000);
        clock.Observe(4, Member(3), Wall + 10_800_000, default);
        clock.Observe(5, Member(4), Wall + 3_600_000, default);
        clock.MedianOffset.ShouldBe(7_200_000, "0, 1, 2, 2 and 3 hours");
        foreach (var link in new[] { 1, 2, 3, 4, 5 })
        {
            clock.Observe(link, default, null, default);
        }

        clock.MedianOffset.ShouldBe(0);
    }

    private static NodeClock Clock()
    {
        var clock = new NodeClock();
        clock.Read(Wall, default);
        return clock;
    }

    // Two of three clocks.
    private static void Agree(NodeClock clock, long said)
    {
        clock.Observe(1, Member(1), said, default);
        clock.Observe(2, Member(2), said, default);
    }

    private static IdentityId Member(byte number) => new([.. Enumerable.Repeat(number, 32)]);
}
