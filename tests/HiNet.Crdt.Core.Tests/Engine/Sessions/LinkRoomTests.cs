using HiNet.Crdt.Core.Engine.Sessions;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

public class LinkRoomTests
{
    [Fact]
    public void There_is_room_until_the_window_is_full_and_again_when_enough_has_left()
    {
        var room = new LinkRoom(100);
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
        var room = new LinkRoom(100);
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
        var room = new LinkRoom(100);
        room.Handed(100);
        room.Ask().ShouldBeFalse();
        room.IsAwaited.ShouldBeTrue();
        room.Left(1).ShouldBeTrue();
        room.IsAwaited.ShouldBeFalse();
    }

    [Fact]
    public void More_than_was_pending_leaves_nothing_pending()
    {
        var room = new LinkRoom(100);
        room.Handed(50);
        room.Left(70);
        room.Pending.ShouldBe(0);
        room.Handed(30);
        room.Pending.ShouldBe(30);
    }
}
