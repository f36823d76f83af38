using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>A node has room for so many links, and strangers who say nothing do not fill it.</summary>
public sealed class LinkEvictionTests
{
    private const int Room = 512;

    [Fact]
    public void Links_without_a_channel_make_room_for_new_ones_after_a_while()
    {
        var world = new LoopbackWorld();
        var node = world.Add("Ada");
        for (var i = 0; i < Room; i++)
        {
            world.Link(world.Add($"stranger {i}"), node);
        }

        world.Run();
        node.Ends.Count.ShouldBe(Room);
        var late = world.Add("late");
        world.Link(late, node);
        world.Run();
        late.IsLinked.ShouldBeFalse();

        world.Pass(Limits.IdleLink + TimeSpan.FromSeconds(1));
        world.Link(late, node);
        world.Run();
        late.IsLinked.ShouldBeTrue();
        node.Hits("link.evicted").ShouldBe(1);
        node.Ends.Count.ShouldBe(Room);
    }
}
