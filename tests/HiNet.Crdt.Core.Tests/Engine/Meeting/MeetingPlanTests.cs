using System.Buffers.Binary;
using HiNet.Crdt.Core.Dht.Records;
using HiNet.Crdt.Core.Engine.Meeting;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Core.Tests.Engine.Meeting;

public sealed class MeetingPlanTests
{
    private static readonly Instant s_start = new(1_000_000);
    private readonly MeetingPlan _plan = new(new Draws());

    [Fact]
    public void A_new_topic_is_written_and_looked_up_at_once_writes_first()
    {
        _plan.Replace([Topic(1), Topic(2)], isWriting: true, s_start).ShouldBeTrue();
        _plan.Deadline.ShouldBeLessThanOrEqualTo(s_start + TimeSpan.FromMilliseconds(500));
        _plan.Due(s_start + TimeSpan.FromSeconds(1)).Select(due => due.IsPut).ShouldBe([true, true, false, false]);
    }

    [Fact]
    public void A_topic_that_stays_goes_on_as_it_was()
    {
        _plan.Replace([Topic(1)], isWriting: true, s_start);
        var topic = _plan.Topics.Single();
        _plan.Rest(topic);
        _plan.Replace([Topic(1)], isWriting: true, s_start + TimeSpan.FromMinutes(1)).ShouldBeFalse();
        _plan.Topics.Single().ShouldBeSameAs(topic);
        topic.NextGet.ShouldBe(Instant.Never);
        _plan.Replace([], isWriting: true, s_start).ShouldBeTrue();
        _plan.Deadline.ShouldBe(Instant.Never);
    }

    [Fact]
    public void Who_only_reads_writes_nothing_and_an_older_epoch_is_only_read()
    {
        _plan.Replace([Topic(1)], isWriting: false, s_start);
        _plan.Due(s_start + TimeSpan.FromSeconds(1)).Select(due => due.IsPut).ShouldBe([false]);
        _plan.Replace([Topic(2, isWritten: false)], isWriting: true, s_start);
        _plan.Due(s_start + TimeSpan.FromSeconds(1)).Select(due => due.IsPut).ShouldBe([false]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_epoch_that_another_has_followed_is_written_no_more(bool isUnderWay)
    {
        _plan.Replace([Topic(1)], isWriting: true, s_start);
        var older = _plan.Topics.Single();
        _plan.Began(older, isPut: true, s_start);
        if (!isUnderWay)
        {
            _plan.Put(older, isHeld: true, Instant.Never, s_start);
        }

        _plan.Replace([Topic(1, isWritten: false), Topic(2)], isWriting: true, s_start).ShouldBeTrue();
        if (isUnderWay)
        {
            _plan.Put(older, isHeld: false, Instant.Never, s_start);
        }

        _plan.Hurry(older, isWriting: true, s_start);
        older.NextPut.ShouldBe(Instant.Never);
        _plan.Due(s_start + TimeSpan.FromDays(1)).Where(due => due.IsPut).ShouldHaveSingleItem().Topic.ShouldNotBe(older);

        // Of concurrent epochs, the newest can be another one again.
        _plan.Replace([Topic(1), Topic(2, isWritten: false)], isWriting: true, s_start).ShouldBeTrue();
        _plan.Due(s_start + TimeSpan.FromSeconds(1)).Where(due => due.IsPut).ShouldHaveSingleItem().Topic.ShouldBe(older);
    }

    [Fact]
    public void An_older_epoch_is_looked_up_less_often()
    {
        _plan.Replace([Topic(1, isWritten: false)], isWriting: true, s_start);
        var topic = _plan.Topics.Single();
        _plan.Began(topic, isPut: false, s_start);
        _plan.Got(topic, s_start);
        (topic.NextGet - s_start).ShouldBeInRange(TimeSpan.FromSeconds(22), TimeSpan.FromSeconds(38));
    }

    [Fact]
    public void No_more_than_four_operations_are_under_way()
    {
        _plan.Replace([.. Enumerable.Range(1, 10).Select(i => Topic(i))], isWriting: true, s_start);
        var now = s_start + TimeSpan.FromSeconds(1);
        foreach (var (topic, isPut) in _plan.Due(now))
        {
            _plan.Began(topic, isPut, now);
        }

        _plan.InFlight.ShouldBe(MeetingPlan.MaxInFlight);
        _plan.Deadline.ShouldBe(now + MeetingPlan.LongestPlace);
        _plan.Due(now).ShouldBeEmpty();
    }

    [Fact]
    public void An_operation_that_is_held_up_gives_its_place_to_another_and_is_not_begun_twice()
    {
        _plan.Replace([.. Enumerable.Range(1, 6).Select(i => Topic(i))], isWriting: false, s_start);
        var now = s_start + TimeSpan.FromSeconds(1);
        var first = Begin(now);
        first.Count.ShouldBe(4);
        Begin(now + (MeetingPlan.LongestPlace - TimeSpan.FromTicks(10))).ShouldBeEmpty();
        now += MeetingPlan.LongestPlace;
        _plan.Deadline.ShouldBeLessThanOrEqualTo(now);
        var second = Begin(now);
        second.Count.ShouldBe(2);
        second.ShouldNotContain(topic => first.Contains(topic));

        // What comes to an end at last frees nobody else's place, and is due again.
        _plan.Got(first[0], now);
        _plan.InFlight.ShouldBe(2);
        first[0].NextGet.ShouldBeGreaterThan(now);

        List<MeetingTopic> Begin(Instant at)
        {
            List<MeetingTopic> begun = [];
            foreach (var (topic, isPut) in _plan.Due(at))
            {
                _plan.Began(topic, isPut, at);
                begun.Add(topic);
            }

            return begun;
        }
    }

    [Fact]
    public void Lookups_that_bring_nobody_come_ever_more_seldom_until_a_link_ends()
    {
        _plan.Replace([Topic(1)], isWriting: false, s_start);
        var (topic, now, waits) = (_plan.Topics.Single(), s_start + TimeSpan.FromSeconds(1), new List<TimeSpan>());
        for (var i = 0; i < 20; i++)
        {
            _plan.Began(topic, isPut: false, s_start);
            _plan.Got(topic, now);
            waits.Add(topic.NextGet - now);
            now = topic.NextGet;
        }

        waits[0].ShouldBeInRange(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2.5));
        waits[4].ShouldBeGreaterThan(TimeSpan.FromSeconds(20));
        waits[^1].ShouldBeInRange(TimeSpan.FromHours(1.5), TimeSpan.FromHours(2.5));
        _plan.Hurry(topic, isWriting: false, now);
        topic.NextGet.ShouldBeLessThan(now + TimeSpan.FromSeconds(1));
        topic.Misses.ShouldBe(0);
    }

    [Fact]
    public void A_write_that_reached_somebody_rests_an_hour_longer_with_many_topics_and_never_over_an_edge()
    {
        _plan.Replace([Topic(1)], isWriting: true, s_start);
        RestAfterPut(Instant.Never).ShouldBeInRange(TimeSpan.FromMinutes(45), TimeSpan.FromMinutes(75));
        RestAfterPut(s_start + TimeSpan.FromMinutes(5)).ShouldBe(TimeSpan.FromMinutes(5));
        _plan.Replace([.. Enumerable.Range(1, 200).Select(i => Topic(i))], isWriting: true, s_start);
        RestAfterPut(Instant.Never).ShouldBeInRange(TimeSpan.FromHours(2.5), TimeSpan.FromHours(4.2));
    }

    [Fact]
    public void A_write_that_reached_nobody_is_repeated_soon()
    {
        _plan.Replace([Topic(1)], isWriting: true, s_start);
        var topic = _plan.Topics.Single();
        _plan.Began(topic, isPut: true, s_start);
        _plan.Put(topic, isHeld: false, Instant.Never, s_start);
        (topic.NextPut - s_start).ShouldBeInRange(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2.5));
    }

    [Fact]
    public void A_put_that_failed_is_tried_again_after_ever_longer_times_up_to_five_minutes_and_sooner_after_a_success()
    {
        var (plan, topic) = Least();
        Fail().ShouldBe(TimeSpan.FromSeconds(1.5));
        Fail().ShouldBe(TimeSpan.FromSeconds(3));
        Put(plan, topic, isHeld: true);
        Fail().ShouldBe(TimeSpan.FromSeconds(1.5));
        for (var i = 0; i < 20; i++)
        {
            Fail();
        }

        Fail().ShouldBe(TimeSpan.FromMinutes(3.75));
        plan.Hurry(topic, isWriting: true, s_start);
        topic.NextPut.ShouldBe(s_start);
        Fail().ShouldBe(TimeSpan.FromSeconds(1.5));

        TimeSpan Fail() => Put(plan, topic, isHeld: false);
    }

    [Fact]
    public void With_very_many_topics_a_write_rests_up_to_eight_hours_and_a_lookup_ninety_seconds_for_each()
    {
        var (plan, topic) = Least(600);
        Put(plan, topic, isHeld: true).ShouldBe(TimeSpan.FromHours(6));
        for (var i = 0; i < 20; i++)
        {
            Get(plan, topic);
        }

        Get(plan, topic).ShouldBe(TimeSpan.FromHours(11.25));
    }

    [Fact]
    public void Times_are_spread_from_three_to_five_quarters()
    {
        // The most that can be drawn from the half of two seconds.
        var (plan, topic) = Drawing((ulong)(TimeSpan.TicksPerSecond - 1));
        Get(plan, topic).ShouldBeInRange(TimeSpan.FromSeconds(2.499), TimeSpan.FromSeconds(2.5));
    }

    [Fact]
    public void The_deadline_follows_each_step()
    {
        var (plan, topic) = Least();
        plan.Deadline.ShouldBe(s_start);
        plan.Began(topic, isPut: false, s_start);
        plan.Began(topic, isPut: true, s_start);
        plan.Deadline.ShouldBe(Instant.Never);
        plan.Put(topic, isHeld: true, Instant.Never, s_start);
        plan.Deadline.ShouldBe(s_start + TimeSpan.FromMinutes(45));
        plan.Got(topic, s_start);
        plan.Deadline.ShouldBe(s_start + TimeSpan.FromSeconds(1.5));
        plan.Hurry(topic, isWriting: true, s_start);
        plan.Deadline.ShouldBe(s_start);
        plan.Began(topic, isPut: true, s_start);
        plan.Deadline.ShouldBe(s_start);
        plan.Rest(topic);
        plan.Deadline.ShouldBe(Instant.Never);
    }

    [Fact]
    public void Hurry_makes_nothing_later_and_starts_nothing_that_is_under_way()
    {
        var fifth = TimeSpan.FromSeconds(0.2);
        var (plan, topic) = Drawing((ulong)fifth.Ticks);
        var now = s_start + TimeSpan.FromMinutes(1);
        var (put, get) = (topic.NextPut, topic.NextGet);
        plan.Hurry(topic, isWriting: true, now);
        (topic.NextPut, topic.NextGet).ShouldBe((put, get));

        plan.Began(topic, isPut: true, s_start);
        plan.Began(topic, isPut: false, s_start);
        plan.Hurry(topic, isWriting: true, now);
        (topic.NextPut, topic.NextGet).ShouldBe((Instant.Never, Instant.Never));

        plan.Put(topic, isHeld: true, Instant.Never, now);
        plan.Got(topic, now);
        var again = topic.NextPut;
        plan.Hurry(topic, isWriting: false, now);
        (topic.NextPut, topic.NextGet).ShouldBe((again, now + fifth));
        plan.Hurry(topic, isWriting: true, now);
        topic.NextPut.ShouldBe(now + fifth);
    }

    [Fact]
    public void While_the_clock_cannot_be_right_nothing_becomes_due()
    {
        var (plan, topic) = Least();
        plan.Began(topic, isPut: true, s_start);
        plan.Began(topic, isPut: false, s_start);
        plan.IsTimely = false;
        plan.Put(topic, isHeld: true, Instant.Never, s_start);
        plan.Got(topic, s_start);
        plan.Hurry(topic, isWriting: true, s_start);
        plan.Deadline.ShouldBe(Instant.Never);
        plan.Replace([Topic(1, isWritten: false), Topic(2)], isWriting: true, s_start);
        plan.Replace([Topic(1), Topic(2)], isWriting: true, s_start);
        plan.Deadline.ShouldBe(Instant.Never);
        plan.Due(s_start + TimeSpan.FromDays(1)).ShouldBeEmpty();
    }

    [Fact]
    public void An_epoch_that_is_the_newest_again_is_not_written_by_who_only_reads_nor_twice_at_a_time()
    {
        var (plan, topic) = Least();
        plan.Began(topic, isPut: true, s_start);
        ComeAndGo(isWriting: true).ShouldBe(Instant.Never);
        plan.Put(topic, isHeld: true, Instant.Never, s_start);
        ComeAndGo(isWriting: false).ShouldBe(Instant.Never);
        ComeAndGo(isWriting: true).ShouldBe(s_start);

        Instant ComeAndGo(bool isWriting)
        {
            plan.Replace([Topic(1, isWritten: false)], isWriting, s_start);
            plan.Replace([Topic(1)], isWriting, s_start);
            return topic.NextPut;
        }
    }

    private TimeSpan RestAfterPut(Instant again)
    {
        var topic = _plan.Topics.First();
        _plan.Began(topic, isPut: true, s_start);
        _plan.Put(topic, isHeld: true, again, s_start);
        return topic.NextPut - s_start;
    }

    /// <summary>A plan of so many topics that draws the shortest times, and its first topic.</summary>
    private static (MeetingPlan Plan, MeetingTopic Topic) Least(int topics = 1) => Drawing(0, topics);

    private static (MeetingPlan Plan, MeetingTopic Topic) Drawing(ulong drawn, int topics = 1)
    {
        var plan = new MeetingPlan(new Always(drawn));
        plan.Replace([.. Enumerable.Range(1, topics).Select(i => Topic(i))], isWriting: true, s_start);
        return (plan, plan.Topics.First());
    }

    private static TimeSpan Put(MeetingPlan plan, MeetingTopic topic, bool isHeld)
    {
        plan.Began(topic, isPut: true, s_start);
        plan.Put(topic, isHeld, Instant.Never, s_start);
        return topic.NextPut - s_start;
    }

    private static TimeSpan Get(MeetingPlan plan, MeetingTopic topic)
    {
        plan.Began(topic, isPut: false, s_start);
        plan.Got(topic, s_start);
        return topic.NextGet - s_start;
    }

    private static MeetingTopic Topic(int number, bool isWritten = true)
    {
        var bytes = new byte[Bytes32.Size];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        var id = new Bytes32(bytes);
        return new MeetingTopic(
            id, RendezvousSecret.OfInvite(SodiumCryptography.Instance, id, RecordKind.Contact), id, new MeetingSubject.Invitee(), isWritten);
    }

    private sealed class Always(ulong drawn) : IRandomSource
    {
        public ulong Draw(RandomStream stream, ulong counter) => drawn;
    }

    private sealed class Draws : IRandomSource
    {
        public ulong Draw(RandomStream stream, ulong counter) => counter * 0x9E37_79B9_7F4A_7C15;
    }
}
