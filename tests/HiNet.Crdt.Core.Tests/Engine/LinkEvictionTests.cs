using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>A node has room for so many links, and neither strangers who say nothing nor one person fill it.</summary>
public sealed class LinkEvictionTests
{
    private const int Strangers = 512 / 4 * 3;

    private readonly LoopbackWorld _world = new();

    [Fact]
    public void Strangers_who_say_nothing_get_no_more_than_three_quarters_of_the_places_and_the_oldest_gives_way()
    {
        var (node, friend) = _world.Contacts("node", "friend");
        node.Group("so that the node opens a channel on every link", friend);
        _world.Unlink(node, friend);
        LoopbackNode[] strangers = [.. Enumerable.Range(0, Strangers + 1).Select(i => _world.Add($"stranger {i}"))];
        foreach (var stranger in strangers[..^1])
        {
            _world.Link(stranger, node);
        }

        node.Ends.Count.ShouldBe(Strangers);
        node.Hits("link.evicted").ShouldBe(0);
        _world.Link(strangers[^1], node);
        (strangers[0].IsLinked, strangers[1].IsLinked, strangers[^1].IsLinked).ShouldBe((false, true, true));
        node.Hits("link.evicted").ShouldBe(1);

        // A contact comes in at any moment, and stays.
        _world.Link(friend, node);
        node.Ends.Count.ShouldBe(Strangers);
        foreach (var stranger in strangers)
        {
            _world.Unlink(stranger, node);
            _world.Link(stranger, node);
        }

        friend.IsLinked.ShouldBeTrue();
        node.Ends.Count.ShouldBe(Strangers + 1);
    }

    [Fact]
    public void A_link_that_the_node_dials_takes_the_place_of_the_oldest_stranger()
    {
        var node = Small("node");
        var friend = _world.Befriend(node, "friend");
        node.Direct(friend);
        var (first, second) = (_world.Add("first"), _world.Add("second"));
        _world.Link(first, node);
        _world.Link(second, node);
        _world.Link(node, _world.Add("dialled"), "dialled:1");
        node.Ends.Count.ShouldBe(4);
        var other = _world.Add("other");
        _world.Link(node, other, "other:1");
        (first.IsLinked, second.IsLinked, other.IsLinked, friend.IsLinked).ShouldBe((false, true, true, true));
    }

    [Fact]
    public void A_new_link_with_someone_who_has_very_many_ends_their_oldest()
    {
        var scene = new HostileScene();
        var links = scene.Alice.Ends.Count;
        HostilePeer[] peers = [.. Enumerable.Range(0, Limits.LinksOfOnePerson + 1).Select(_ => scene.Mallory.Link(scene.Alice))];
        scene.Alice.Ends.Count.ShouldBe(links + Limits.LinksOfOnePerson);
        peers[0].IsLinked.ShouldBeFalse();
        peers.Skip(1).ShouldAllBe(peer => peer.IsLinked);
        scene.Alice.Hits("link.of.one.person").ShouldBe(1);
        scene.Bob.IsLinked.ShouldBeTrue();
    }

    private LoopbackNode Small(string name)
    {
        var node = _world.Add(name);
        node.Options = new NodeCoreOptions { Bounds = EngineBounds.Default with { Links = 4 } };
        node.Restart();
        return node;
    }
}
