using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>What links may take of a node: places, and together so many bytes of frames that are not whole; both counted to the last.</summary>
public sealed class NodeCoreRoomTests
{
    // More than half of a frame of 8 MiB is kept in a buffer of that length.
    private const int Long = 8 << 20;
    private const int MoreThanHalf = (Long / 2) + 1;
    private const int Short = 1_000;

    [Fact]
    public void Frames_that_are_not_whole_may_take_32_MiB_and_beyond_that_the_stranger_gives_way_who_takes_most()
    {
        var scene = new HostileScene();

        // Of two who are gone, one by itself and one for a frame that nobody can open, nothing is left.
        var gone = Stranger(scene);
        Begin(gone, Long);
        gone.Unlink();
        var bad = Stranger(scene);
        bad.SendRaw(Beginning(Short, Short - 1));
        bad.SendRaw([0]);
        bad.IsLinked.ShouldBeFalse();

        HostilePeer[] strangers = [.. Enumerable.Range(0, 4).Select(_ => Stranger(scene))];
        foreach (var stranger in strangers)
        {
            Begin(stranger, Long);
        }

        scene.Alice.Hits("link.partial.frames").ShouldBe(0);
        var member = scene.Mallory.Link(scene.Alice);
        Begin(member, Short);
        scene.Alice.Hits("link.partial.frames").ShouldBe(1);
        strangers.Select(stranger => stranger.IsLinked).ShouldBe([false, true, true, true]);
        member.IsLinked.ShouldBeTrue();

        Begin(Stranger(scene), Long);
        scene.Alice.Hits("link.partial.frames").ShouldBe(2);
        strangers.Select(stranger => stranger.IsLinked).ShouldBe([false, false, true, true]);
    }

    [Fact]
    public void Where_only_people_take_it_the_link_ends_that_takes_most_and_no_stranger_who_takes_nothing()
    {
        var scene = new HostileScene();
        var stranger = Stranger(scene);
        HostilePeer[] members = [.. Enumerable.Range(0, 5).Select(_ => scene.Mallory.Link(scene.Alice))];
        foreach (var member in members)
        {
            Begin(member, Long);
        }

        scene.Alice.Hits("link.partial.frames").ShouldBe(1);
        members.Count(member => member.IsLinked).ShouldBe(4);
        stranger.IsLinked.ShouldBeTrue();
    }

    [Fact]
    public void Of_twelve_places_nine_are_for_strangers_whom_the_node_did_not_dial()
    {
        var world = new LoopbackWorld();
        var node = world.Add("node");
        node.Options = new NodeCoreOptions { Bounds = EngineBounds.Default with { Links = 12 } };
        node.Restart();
        LoopbackNode[] strangers = [.. Enumerable.Range(0, 10).Select(i => world.Add($"stranger {i}"))];
        foreach (var stranger in strangers[..9])
        {
            world.Link(stranger, node);
        }

        world.Link(node, world.Add("dialled"), "dialled:1");
        node.Ends.Count.ShouldBe(10);
        node.Hits("link.evicted").ShouldBe(0);
        world.Link(strangers[9], node);
        node.Ends.Count.ShouldBe(10);
        strangers.Select(stranger => stranger.IsLinked).ShouldBe([false, .. Enumerable.Repeat(true, 9)]);
    }

    // In two pieces: what is kept is counted anew with each.
    private static void Begin(HostilePeer peer, int length)
    {
        peer.SendRaw(Beginning(length, length == Long ? MoreThanHalf : 1));
        peer.SendRaw([0]);
    }

    private static byte[] Beginning(int length, int sent) =>
        [(byte)length, (byte)(length >> 8), (byte)(length >> 16), .. new byte[sent]];

    private static HostilePeer Stranger(HostileScene scene) =>
        new HostilePeer(scene.World, scene.Mallory.Secrets, scene.Alice, scene.Group, new byte[32]) { Proves = false }.Link();
}
