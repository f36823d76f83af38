using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Driving;

namespace HiNet.Crdt.Core.Tests.Engine.Driving;

public class LinkBacklogTests
{
    [Fact]
    public void More_than_the_bound_ends_the_link()
    {
        var backlog = new LinkBacklog(maximum: 100, reportEvery: 10);
        backlog.TryAdd(100).ShouldBeTrue();
        backlog.TryAdd(1).ShouldBeFalse();
        backlog.Sent(1);
        backlog.TryAdd(0).ShouldBeTrue();
    }

    [Fact]
    public void What_left_is_reported_in_steps_and_all_of_it()
    {
        var backlog = new LinkBacklog(maximum: 1_000, reportEvery: 100);
        backlog.TryAdd(500);
        backlog.Sent(99).ShouldBe(0);
        backlog.Sent(1).ShouldBe(100);
        backlog.Sent(250).ShouldBe(250);
        backlog.Sent(50).ShouldBe(0);
        backlog.Pending.ShouldBe(100);
        Should.Throw<ArgumentOutOfRangeException>(() => backlog.Sent(101));
        Should.Throw<ArgumentOutOfRangeException>(() => backlog.Sent(-1));
    }

    [Fact]
    public void A_full_window_is_reported_below_its_edge_whatever_the_pieces()
    {
        // What is never reported must not keep the machine waiting: a window is many reports.
        Limits.LinkReportBytes.ShouldBeLessThan(Limits.LinkWindowBytes / 2);
        var random = new Random(7);
        var backlog = new LinkBacklog();
        long handed = 0, reported = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var added = random.Next(0, 70_000);
            backlog.TryAdd(added);
            handed += added;
            reported += backlog.Sent(random.NextInt64(backlog.Pending + 1));
            (handed - reported - backlog.Pending).ShouldBeInRange(0, Limits.LinkReportBytes - 1);
        }
    }

    [Fact]
    public void The_window_with_its_longest_message_stays_below_the_bound() =>
        (Limits.LinkWindowBytes + Limits.SegmentMessageMaxBytes).ShouldBeLessThanOrEqualTo(Limits.LinkBufferBytes / 2);
}
