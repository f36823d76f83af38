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
        schedule.Due.ShouldBe(s_start + ReclaimSchedule.QuietTime);
        Reclaim(schedule, s_start + ReclaimSchedule.QuietTime, TimeSpan.Zero);
        schedule.Due.ShouldBeNull();
    }

    [Fact]
    public void A_moment_is_quiet_when_nothing_was_written_for_a_while()
    {
        var schedule = Rested();
        var written = s_start + TimeSpan.FromHours(2);
        schedule.Wrote(written, written, erases: true);
        var next = written + TimeSpan.FromMilliseconds(200);
        schedule.Wrote(next, next, erases: false);
        schedule.Due.ShouldBe(next + ReclaimSchedule.QuietTime);
    }

    [Fact]
    public void A_disk_that_is_never_quiet_reclaims_ten_seconds_after_the_first_erasure()
    {
        var schedule = Rested();
        var begun = s_start + TimeSpan.FromHours(2);
        for (var i = 0; i <= 100; i++)
        {
            var now = begun + TimeSpan.FromMilliseconds(100 * i);
            schedule.Wrote(now, now, erases: true);
            (schedule.Due <= now).ShouldBe(i == 100);
        }

        schedule.Due.ShouldBe(begun + ReclaimSchedule.LongestWait);
    }

    [Fact]
    public void What_is_erased_while_it_is_reclaimed_is_due_again()
    {
        var schedule = new ReclaimSchedule(s_start);
        schedule.Began();
        schedule.Wrote(s_start, s_start, erases: true);
        schedule.Ended(s_start, TimeSpan.Zero);
        schedule.Due.ShouldBe(s_start + ReclaimSchedule.QuietTime);
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(1_000, 100)]
    [InlineData(36_000, 3_600)]
    [InlineData(86_400_000, 3_600)]
    public void However_often_something_is_erased_it_takes_a_hundredth_of_the_time_and_waits_an_hour_at_most(int milliseconds, int seconds)
    {
        var schedule = new ReclaimSchedule(s_start);
        var took = TimeSpan.FromMilliseconds(milliseconds);
        Reclaim(schedule, s_start + took, took);
        var erased = s_start + took;
        schedule.Wrote(erased, erased, erases: true);
        schedule.Due.ShouldBe(erased + TimeSpan.FromSeconds(seconds));
    }

    private static ReclaimSchedule Rested()
    {
        var schedule = new ReclaimSchedule(s_start);
        Reclaim(schedule, s_start, TimeSpan.Zero);
        return schedule;
    }

    private static void Reclaim(ReclaimSchedule schedule, Instant ended, TimeSpan took)
    {
        schedule.Began();
        schedule.Ended(ended, took);
    }
}
