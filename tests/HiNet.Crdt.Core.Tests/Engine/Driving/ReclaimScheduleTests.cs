using HiNet.Crdt.Core.Engine.Driving;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Engine.Driving;

public class ReclaimScheduleTests
{
    private static readonly Instant s_start = new(1_000_000);

    [Fact]
    public void What_an_earlier_run_left_is_reclaimed_in_the_first_quiet_moment()
    {
        var schedule = new ReclaimSchedule(s_start);
        schedule.Patience.ShouldBe(ReclaimSchedule.QuietTime);
        schedule.IsDue(s_start, isQuiet: false).ShouldBeFalse();
        schedule.IsDue(s_start + ReclaimSchedule.QuietTime, isQuiet: true).ShouldBeTrue();
        schedule.Reclaimed();
        schedule.Patience.ShouldBeNull();
        schedule.IsDue(s_start + TimeSpan.FromDays(1), isQuiet: true).ShouldBeFalse();
    }

    [Fact]
    public void A_disk_that_is_never_quiet_reclaims_ten_seconds_after_the_first_erasure()
    {
        var schedule = new ReclaimSchedule(s_start);
        schedule.Reclaimed();
        var begun = s_start + TimeSpan.FromMinutes(1);
        for (var i = 0; i <= 100; i++)
        {
            var now = begun + TimeSpan.FromMilliseconds(100 * i);
            schedule.Erased(now);
            schedule.IsDue(now, isQuiet: false).ShouldBeFalse();
        }

        schedule.IsDue(begun + ReclaimSchedule.LongestWait + TimeSpan.FromMilliseconds(1), isQuiet: false).ShouldBeTrue();
    }

    [Fact]
    public void After_it_was_reclaimed_the_ten_seconds_begin_anew()
    {
        var schedule = new ReclaimSchedule(s_start);
        schedule.Reclaimed();
        var later = s_start + TimeSpan.FromHours(1);
        schedule.Erased(later);
        schedule.IsDue(later + TimeSpan.FromSeconds(9), isQuiet: false).ShouldBeFalse();
        schedule.IsPending.ShouldBeTrue();
    }
}
