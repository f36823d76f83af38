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
        _plan.Began(older, isPut: true);
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
        _plan.Began(topic, isPut: false);
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
            _plan.Began(topic, isPut);
        }

        _plan.InFlight.ShouldBe(MeetingPlan.MaxInFlight);
        _plan.Deadline.ShouldBe(Instant.Never);
        _plan.Due(now).ShouldBeEmpty();
    }

    [Fact]
    public void Lookups_that_bring_nobody_come_ever_more_seldom_until_a_link_ends()
    {
        _plan.Replace([Topic(1)], isWriting: false, s_start);
        var (topic, now, waits) = (_plan.Topics.Single(), s_start + TimeSpan.FromSeconds(1), new List<TimeSpan>());
        for (var i = 0; i < 20; i++)
        {
            _plan.Began(topic, isPut: false);
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
        _plan.Began(topic, isPut: true);
        _plan.Put(topic, isHeld: false, Instant.Never, s_start);
        (topic.NextPut - s_start).ShouldBeInRange(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2.5));
    }

    private TimeSpan RestAfterPut(Instant again)
    {
        var topic = _plan.Topics.First();
        _plan.Began(topic, isPut: true);
        _plan.Put(topic, isHeld: true, again, s_start);
        return topic.NextPut - s_start;
    }

    private static MeetingTopic Topic(int number, bool isWritten = true)
    {
        var bytes = new byte[Bytes32.Size];
        bytes[0] = (byte)number;
        var id = new Bytes32(bytes);
        return new MeetingTopic(
            id, RendezvousSecret.OfInvite(SodiumCryptography.Instance, id, RecordKind.Contact), id, new MeetingSubject.Invitee(), isWritten);
    }

    private sealed class Draws : IRandomSource
    {
        public ulong Draw(RandomStream stream, ulong counter) => counter * 0x9E37_79B9_7F4A_7C15;
    }
}
