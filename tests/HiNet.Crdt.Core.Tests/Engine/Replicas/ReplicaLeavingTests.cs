using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Tests.Support;

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

    [Fact]
    public void Who_they_are_is_not_known_until_what_made_one_a_member_has_come()
    {
        var (alice, dave) = (new ReplicaDevice("alice"), new ReplicaDevice("dave"));
        var runs = ReplicaDevice.Group(alice, dave);
        var anew = new ReplicaDevice("dave");
        anew.Create(alice.Replica.Description with { Awaits = new EntryId(alice.Id.Value) }, alice.Replica.ControlKey.ToArray());
        anew.Replica.AwaitsMembership.ShouldBeTrue();
        anew.Receive(runs[0]);
        anew.Replica.EntryCount.ShouldBe(1UL);
        anew.Replica.AwaitsMembership.ShouldBeFalse();
    }

    [Fact]
    public void Nothing_is_awaited_in_a_conversation_that_is_no_group()
    {
        var carol = new ReplicaDevice("carol");
        var other = new ReplicaDevice("other");
        carol.Create(
            new ConversationDescription(
                new ConversationId(TestKeys.Named("direct")), 7, ConversationKind.Direct, string.Empty, other.Identity, IsVisible: true),
            TestKeys.Named("direct key").ToArray());
        carol.Replica.EntryCount.ShouldBe(0UL);
        carol.Replica.AwaitsMembership.ShouldBeFalse();
    }

    [Fact]
    public void Whoever_left_and_is_invited_again_awaits_what_makes_them_a_member_also_after_a_restart()
    {
        var (alice, bob) = (new ReplicaDevice("alice"), new ReplicaDevice("bob"));
        ReplicaDevice.Group(alice, bob);
        var before = bob.AuthorityChanges;
        bob.Replica.InvitedAgain(TestKeys.Entry("a grant"));
        bob.Replica.AwaitsMembership.ShouldBeFalse("he is a member");
        bob.AuthorityChanges.ShouldBe(before);

        alice.Receive(bob.Leave());
        var grant = TestKeys.Entry("another grant");
        before = bob.AuthorityChanges;
        bob.Replica.InvitedAgain(grant);
        bob.Replica.InvitedAgain(grant);
        bob.AuthorityChanges.ShouldBe(before + 1);
        bob.Hits("group.invited.again").ShouldBe(1);
        bob.Settle();
        bob.Restart();
        bob.Replica.AwaitsMembership.ShouldBeTrue();

        // Something else than what was awaited is no end of it, unless it makes him a member.
        bob.Receive(alice.Grant(new ReplicaDevice("dave")));
        bob.Replica.AwaitsMembership.ShouldBeTrue();
        bob.Receive(alice.Grant(bob));
        bob.Replica.AwaitsMembership.ShouldBeFalse();
    }

    [Fact]
    public void What_was_awaited_is_awaited_no_more_once_it_has_come_although_it_makes_nobody_a_member()
    {
        var (alice, bob) = (new ReplicaDevice("alice"), new ReplicaDevice("bob"));
        ReplicaDevice.Group(alice, bob);

        // Neither has heard of the other: that he is made an admin, and that he leaves.
        var grant = alice.Grant(bob, Role.Admin);
        bob.Leave();
        bob.Replica.InvitedAgain(grant[^1].Last.Id);
        bob.Replica.AwaitsMembership.ShouldBeTrue();
        bob.Receive(grant);
        bob.Replica.Authority.RoleOf(bob.Identity).ShouldBe(Role.None);
        bob.Replica.AwaitsMembership.ShouldBeFalse();
    }

    private void Leave(LoopbackNode who, ConversationId group)
    {
        who.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(s_soon);
    }
}
