using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>Whoever leaves goes on meeting the others until one of them shows that it knows.</summary>
public sealed class ReplicaLeavingTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(20);

    private readonly LoopbackWorld _world = new();

    [Fact]
    public void Whoever_leaves_a_second_time_looks_for_the_others_until_that_is_known_too()
    {
        var alice = _world.Add("alice");
        var bob = _world.Add("bob");
        bob.Options = new NodeCoreOptions { UsesLan = true };
        bob.Restart();
        LoopbackScenes.Introduce(alice, bob);
        _world.Link(bob, alice);
        var group = alice.Group("team", bob);
        alice.Send(group, "hello");
        _world.Pass(s_soon);
        var asMember = bob.Recognised.Count;
        asMember.ShouldBe(2, "the direct conversation and the group, whose secret came before its epoch");

        Leave(bob, group);
        bob.Recognised.Count.ShouldBe(asMember - 1, "Alice has shown that she knows");
        alice.Do(new NodeCommand.AddMember(group, bob.Identity)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(s_soon);
        bob.Recognised.Count.ShouldBe(asMember);

        _world.Unlink(alice, bob);
        Leave(bob, group);
        bob.Recognised.Count.ShouldBe(asMember, "nobody has heard that Bob left again");
        _world.Link(bob, alice);
        _world.Pass(s_soon);
        alice.Reader.MembersOf(group).ShouldNotContain(member => member.Person.Id == bob.Identity);
        bob.Recognised.Count.ShouldBe(asMember - 1);
    }

    private void Leave(LoopbackNode who, ConversationId group)
    {
        who.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(s_soon);
    }
}
