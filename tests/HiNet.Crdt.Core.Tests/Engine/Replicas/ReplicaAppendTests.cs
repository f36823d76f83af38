using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>What a node writes is permitted by its own past, also where that can name only a few of the heads.</summary>
public sealed class ReplicaAppendTests
{
    private readonly LoopbackWorld _world = new();

    [Fact]
    public void Whoever_was_added_again_can_write_beside_more_heads_than_an_entry_names()
    {
        var alice = _world.Add("alice");
        var bob = _world.Add("bob");
        bob.Options = new NodeCoreOptions { Bounds = EngineBounds.Default with { Parents = 1 } };
        bob.Restart();
        LoopbackScenes.Introduce(alice, bob);
        _world.Link(bob, alice);
        var carol = _world.Befriend(alice, "carol");
        var group = alice.Group("team", bob, carol);
        alice.Send(group, "hello");
        _world.Pass(TimeSpan.FromSeconds(5));

        // Carol's head is older than Bob's second admission, and has his first one in its past and not that he left.
        _world.Unlink(alice, carol);
        carol.Send(group, "beside it all");
        _world.Pass(TimeSpan.FromSeconds(2));
        bob.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(TimeSpan.FromSeconds(2));
        alice.Do(new NodeCommand.AddMember(group, bob.Identity)).ShouldBeOfType<NodeResult.Written>();
        _world.Unlink(alice, bob);
        _world.Link(carol, bob);
        bob.Texts(group).ShouldBe(["hello", "beside it all"]);

        var before = bob.Hits("bound.parents");
        bob.Send(group, "back again");
        bob.Hits("bound.parents").ShouldBeGreaterThan(before);
        _world.Link(bob, alice);
        _world.Link(carol, alice);
        _world.Pass(TimeSpan.FromSeconds(60));
        alice.Texts(group).ShouldBe(["hello", "beside it all", "back again"]);
        LoopbackScenes.ShouldBeEqual(group, alice, bob, carol);
    }
}
