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
}
