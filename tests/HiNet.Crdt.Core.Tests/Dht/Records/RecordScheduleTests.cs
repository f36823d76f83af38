using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Dht.Records;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht.Records;

public sealed class RecordScheduleTests
{
    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;

    private static Gen<long> Times { get; } =
        from day in Gen.Choose(0, 30_000)
        from millisecond in Gen.Choose(0, (int)Day - 1)
        select (day * Day) + millisecond;

    private static Gen<RecordSchedule> Schedules { get; } =
        from secret in Generators.Bytes32
        from kind in Gen.Elements(RecordKind.Contact, RecordKind.Prekeys)
        select new RecordSchedule(TestKeys.Sodium, RendezvousSecret.OfPair(TestKeys.Sodium, secret, kind));

    [Fact]
    public void A_time_lies_between_its_period_s_edges_and_periods_last_12_to_36_hours() =>
        Prop.ForAll(Schedules.ToArbitrary(), Times.ToArbitrary(), (schedule, time) =>
        {
            var period = schedule.PeriodAt(time);
            var (start, end) = (schedule.StartOf(period), schedule.StartOf(period.Next));
            time.ShouldBeInRange(start, end - 1);
            (end - start).ShouldBeInRange(12 * Hour, 36 * Hour);
            (start - (period.Number * Day)).ShouldBeInRange(0, (12 * Hour) - 1);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Edges_are_spread_over_secrets_and_over_days()
    {
        var ofDays = Enumerable.Range(20_000, 200).Select(day => Of("one").StartOf(new RecordPeriod(day)) % Day / Hour).ToArray();
        var ofSecrets = Enumerable.Range(0, 200).Select(i => Of($"{i}").StartOf(new RecordPeriod(20_000)) % Day / Hour).ToArray();
        foreach (var hours in new[] { ofDays, ofSecrets })
        {
            hours.Distinct().Count().ShouldBe(12);
            hours.CountBy(hour => hour).Max(pair => pair.Value).ShouldBeLessThan(40);
        }
    }

    [Fact]
    public void Whose_clocks_differ_by_up_to_3_hours_find_each_other() => Prop.ForAll(
        Schedules.ToArbitrary(), Times.ToArbitrary(), Gen.Choose(-3 * (int)Hour, 3 * (int)Hour).ToArbitrary(), (schedule, time, difference) =>
        {
            var other = Math.Max(time + difference, 0);
            schedule.ToWrite(time).Intersect(schedule.ToRead(other)).ShouldNotBeEmpty();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_next_period_is_written_and_read_from_3_hours_before_it_begins()
    {
        var schedule = Of("one");
        var period = new RecordPeriod(20_000);
        var edge = schedule.StartOf(period.Next);
        schedule.ToWrite(edge - (3 * Hour) - 1).ShouldBe([period]);
        schedule.ToWrite(edge - (3 * Hour)).ShouldBe([period, period.Next]);
        schedule.ToWrite(edge).ShouldBe([period.Next]);
        schedule.ToRead(edge - (3 * Hour) - 1).ShouldBe([period]);
        schedule.ToRead(edge - 1).ShouldBe([period.Next, period]);
        schedule.ToRead(edge).ShouldBe([period.Next, period]);
        schedule.ToRead(edge + (3 * Hour) - 1).ShouldBe([period.Next, period]);
        schedule.ToRead(edge + (3 * Hour)).ShouldBe([period.Next]);
    }

    [Fact]
    public void Prekeys_of_the_period_before_are_read_for_as_long_as_they_live() =>
        Prop.ForAll(Gen.Choose(0, 10_000).ToArbitrary(), Times.ToArbitrary(), (seed, time) =>
        {
            var schedule = Of($"{seed}", RecordKind.Prekeys);
            var lastWritten = schedule.ToWrite(time);
            var livesUntil = time + RecordSchedule.LifetimeMilliseconds;
            for (var later = time; later < livesUntil; later += Hour)
            {
                // A period is at least 12 hours long, so within a lifetime there may be a third.
                var reads = schedule.ToRead(later);
                (reads.Intersect(lastWritten).Any() || schedule.PeriodAt(later).Number - lastWritten[^1].Number > 1).ShouldBeTrue();
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Prekeys_of_the_period_before_are_read_for_25_hours()
    {
        var schedule = Of("one", RecordKind.Prekeys);
        var period = Enumerable.Range(20_000, 100).Select(day => new RecordPeriod(day))
            .First(each => schedule.StartOf(each.Next) - schedule.StartOf(each) > 28 * Hour);
        var start = schedule.StartOf(period);
        schedule.ToRead(start + (25 * Hour) - 1).ShouldBe([period, period.Previous]);
        schedule.ToRead(start + (25 * Hour)).ShouldBe([period]);
    }

    [Fact]
    public void The_moment_at_which_the_next_period_is_written_too_is_followed_by_the_one_at_which_it_begins()
    {
        var schedule = Of("one");
        var edge = schedule.StartOf(new RecordPeriod(20_000));
        schedule.NextChange(edge - (3 * Hour) - 1).ShouldBe(edge - (3 * Hour));
        schedule.NextChange(edge - (3 * Hour)).ShouldBe(edge);
    }

    [Fact]
    public void A_clock_can_be_right_from_a_week_after_1970_to_a_week_before_the_year_10000()
    {
        var end = new DateTimeOffset(9999, 12, 25, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        new[] { 7 * Day, (7 * Day) + 1, end - 1, end }.Select(RecordSchedule.Covers).ShouldBe([false, true, true, false]);
    }

    [Fact]
    public void What_is_written_to_changes_when_it_is_said_to() => Prop.ForAll(Schedules.ToArbitrary(), Times.ToArbitrary(), (schedule, time) =>
    {
        var change = schedule.NextChange(time);
        change.ShouldBeGreaterThan(time);
        schedule.ToWrite(change - 1).ShouldBe(schedule.ToWrite(time));
        schedule.ToWrite(change).ShouldNotBe(schedule.ToWrite(time));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Times_that_no_clock_shows_are_a_programmer_s_error()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Of("one").PeriodAt(-1));
        Should.Throw<ArgumentOutOfRangeException>(() => Of("one").ToWrite(long.MaxValue));
    }

    private static RecordSchedule Of(string name, RecordKind kind = RecordKind.Contact) =>
        new(TestKeys.Sodium, RendezvousSecret.OfPair(TestKeys.Sodium, TestKeys.Named(name), kind));
}
