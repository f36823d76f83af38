using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Sessions;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

public class LinkRoomTests
{
    [Fact]
    public void There_is_room_until_the_window_is_full_and_again_when_enough_has_left()
    {
        var room = new LinkRoom(100, 1_000);
        room.Handed(99);
        room.Ask().ShouldBeTrue();
        room.Handed(30);
        room.Ask().ShouldBeFalse();
        room.Left(29).ShouldBeFalse();
        room.Left(1).ShouldBeTrue();
        room.Ask().ShouldBeTrue();
    }

    [Fact]
    public void Turns_are_given_only_to_those_who_asked_in_vain()
    {
        var room = new LinkRoom(100, 1_000);
        room.Handed(150);
        room.Left(60).ShouldBeFalse();
        room.Handed(60);
        room.Ask().ShouldBeFalse();
        room.Left(100).ShouldBeTrue();
        room.Left(10).ShouldBeFalse();
    }

    [Fact]
    public void With_exactly_the_window_pending_there_is_no_room()
    {
        var room = new LinkRoom(100, 1_000);
        room.Handed(100);
        room.Ask().ShouldBeFalse();
        room.IsAwaited.ShouldBeTrue();
        room.Left(1).ShouldBeTrue();
        room.IsAwaited.ShouldBeFalse();
    }

    [Fact]
    public void More_than_was_pending_leaves_nothing_pending()
    {
        var room = new LinkRoom(100, 1_000);
        room.Handed(50);
        room.Left(70);
        room.Pending.ShouldBe(0);
        room.Handed(30);
        room.Pending.ShouldBe(30);
    }

    [Fact]
    public void With_the_window_under_way_segments_wait_for_a_turn_and_other_messages_do_not()
    {
        var room = new LinkRoom(100, 1_000);
        room.Sent(999);
        room.AskForSegments().ShouldBeTrue();
        room.Sent(500);
        room.IsWindowFull.ShouldBeTrue();
        room.Ask().ShouldBeTrue();
        room.IsAwaited.ShouldBeFalse();
        room.AskForSegments().ShouldBeFalse();
        room.GivenBack(499).ShouldBeFalse();
        room.GivenBack(1).ShouldBeTrue();
        room.UnderWay.ShouldBe(999);
        room.IsAwaited.ShouldBeFalse();
        room.GivenBack(999).ShouldBeFalse();
    }

    [Fact]
    public void Segments_given_back_are_no_turn_while_the_buffer_is_full()
    {
        var room = new LinkRoom(100, 1_000);
        room.Handed(100);
        room.Sent(1_000);
        room.AskForSegments().ShouldBeFalse();
        room.GivenBack(1_000).ShouldBeFalse();
        room.Left(1).ShouldBeTrue();
    }

    [Fact]
    public void The_other_end_may_have_the_window_and_two_of_the_longest_messages_under_way()
    {
        const long Most = 1_000 + (2L * Limits.SegmentMessageMaxBytes);
        var room = new LinkRoom(100, 1_000);
        room.Took(Most - 1).ShouldBeTrue();
        room.Took(2).ShouldBeFalse();
        room.Took(1).ShouldBeTrue();
        room.Held.ShouldBe(Most);
        room.Consumed(10);
        room.Took(11).ShouldBeFalse();
        room.Took(10).ShouldBeTrue();
    }
}
