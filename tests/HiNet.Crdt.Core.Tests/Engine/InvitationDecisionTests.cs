using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>What is decided stays decided, whoever sends what, and however much of it: Bob decides about invitations himself.</summary>
public sealed class InvitationDecisionTests
{
    private static int s_keys;

    private readonly LoopbackWorld _world = new();
    private readonly LoopbackNode _alice;
    private readonly LoopbackNode _bob;

    public InvitationDecisionTests()
    {
        (_alice, _bob) = _world.Contacts("alice", "bob", link: false);
        _bob.AcceptsInvitations = false;
        _bob.Restart();
        _world.Link(_alice, _bob);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Who_left_and_is_added_again_decides_again_over_a_restart(bool declines, bool restartsBefore)
    {
        var group = Left();
        if (restartsBefore)
        {
            _bob.Restart();
            _world.Link(_alice, _bob);
        }

        _alice.Do(new NodeCommand.AddMember(group, _bob.Identity)).ShouldBeOfType<NodeResult.Written>();
        _alice.Send(group, "welcome back");
        Pass();
        if (declines)
        {
            _bob.Do(new NodeCommand.DeclineInvitation(group)).ShouldBeOfType<NodeResult.Done>();
        }

        _bob.Restart();
        _world.Link(_alice, _bob);
        Pass();
        _bob.Texts(group).ShouldNotContain("welcome back");
        _bob.Reader.Invitations().Count.ShouldBe(declines ? 0 : 1);
    }

    [Fact]
    public void A_decision_that_is_not_taken_does_not_make_members_knock_again_and_again()
    {
        var group = Left();
        _alice.Do(new NodeCommand.AddMember(group, _bob.Identity)).ShouldBeOfType<NodeResult.Written>();
        Pass();
        var before = _bob.Hits("channel.over");
        _world.Pass(TimeSpan.FromMinutes(10));
        _bob.Do(new NodeCommand.DeclineInvitation(group)).ShouldBeOfType<NodeResult.Done>();
        _world.Pass(TimeSpan.FromMinutes(10));
        (_bob.Hits("channel.over") - before).ShouldBeLessThan(5);
    }

    [Fact]
    public void What_two_people_invited_to_stays_declined_over_a_restart()
    {
        var (eve, mallory) = (Contact("eve"), Contact("mallory"));
        var group = new ConversationId(TestKeys.Named("bogus"));
        Invite(eve, group);
        Invite(mallory, group);
        _bob.Reader.Invitations().Count.ShouldBe(2);
        _bob.Do(new NodeCommand.DeclineInvitation(group)).ShouldBeOfType<NodeResult.Done>();
        _bob.Reader.Invitations().ShouldBeEmpty();
        _bob.Restart();
        _bob.Refusal(new NodeCommand.AcceptInvitation(group)).ShouldStartWith("No invitation");
    }

    [Fact]
    public void Of_1024_that_wait_whoever_has_most_loses_the_oldest()
    {
        var people = Enumerable.Range(0, 32).Select(i => Contact("p" + i)).ToList();
        foreach (var by in people)
        {
            by.Give(_bob, [.. Enumerable.Range(0, 32).Select(i => Invitation(by, new ConversationId(TestKeys.Named($"{by.Node.Name} {i}"))))]);
        }

        _bob.Reader.Invitations().Count.ShouldBe(1_024);
        var group = _alice.Group("team", _bob);
        Pass();
        _bob.Reader.Invitations().Count.ShouldBe(1_024);
        _bob.Reader.Invitations().ShouldContain(waiting => waiting.Group == group);
        var first = people.MinBy(person => person.Secrets.Identity)!;
        _bob.Reader.Invitations().ShouldNotContain(waiting => waiting.Group == new ConversationId(TestKeys.Named($"{first.Node.Name} 0")));
    }

    [Fact]
    public void Keys_that_were_wrong_are_gone_from_the_store_once_the_genesis_is_here()
    {
        var eve = Contact("eve");
        _world.Unlink(_alice, _bob);
        var group = _alice.Group("team", _bob);
        Invite(eve, group);
        _bob.Do(new NodeCommand.AcceptInvitation(group)).ShouldBeOfType<NodeResult.Opened>();
        _world.Link(_alice, _bob);
        Pass();
        LoopbackScenes.ShouldBeEqual(group, _alice, _bob);
        _bob.Hits("group.other.key").ShouldBe(1);
        using var iterator = _bob.Store.Scan(ColumnFamily.Secrets, "k"u8, "l"u8);
        iterator.MoveNext().ShouldBeFalse();
    }

    [Fact]
    public void Where_members_were_looked_for_is_forgotten_once_one_is_a_member()
    {
        var group = _alice.Group("team", _bob);
        Pass();
        _world.Unlink(_alice, _bob);
        _bob.Do(new NodeCommand.AcceptInvitation(group)).ShouldBeOfType<NodeResult.Opened>();
        _bob.Reader.Describe(group)!.Handed.ShouldHaveSingleItem();
        _world.Link(_alice, _bob);
        Pass();
        _bob.Reader.Describe(group)!.Handed.ShouldBeEmpty();
    }

    [Fact]
    public void Who_has_left_takes_nothing_from_a_member_who_sends_unasked()
    {
        var (group, carol) = LeftWithCarol();
        var peer = carol.Link(_bob);
        peer.Send(carol.Sign(carol.Say("unasked")));
        _bob.Texts(group).ShouldNotContain("unasked");
        peer.Received.ShouldContain(r => r.Type == HostilePeer.ConsumedType);
    }

    [Fact]
    public void Who_accepts_asks_on_a_channel_that_was_open_while_they_held_back()
    {
        var (group, carol) = LeftWithCarol();
        _alice.Do(new NodeCommand.AddMember(group, _bob.Identity)).ShouldBeOfType<NodeResult.Written>();
        Pass();
        _world.Unlink(_alice, _bob);
        var peer = carol.Link(_bob);
        peer.Send(HostilePeer.FrontierType, Frontier.From([new FrontierHead(carol.Secrets.Device, 1_000, TestKeys.Entry("never was"))]).Encode());
        peer.IsShutOut.ShouldBeFalse();
        peer.Received.ShouldNotContain(r => r.Type == HostilePeer.PullType);
        _bob.Do(new NodeCommand.AcceptInvitation(group)).ShouldBeOfType<NodeResult.Opened>();
        peer.Received.ShouldContain(r => r.Type == HostilePeer.PullType);
    }

    [Fact]
    public void The_place_of_an_empty_group_is_counted_for_whoever_had_room()
    {
        HostileMember[] both = [Contact("one"), Contact("other")];
        var (low, high) = both[0].Secrets.Identity.CompareTo(both[1].Secrets.Identity) < 0 ? (both[0], both[1]) : (both[1], both[0]);
        _bob.AcceptsInvitations = true;
        _bob.Restart();
        for (var i = 0; i < 32; i++)
        {
            Invite(low, new ConversationId(TestKeys.Named($"bogus {i}")));
        }

        var group = new ConversationId(TestKeys.Named("wanted"));
        Invite(low, group);
        _bob.Reader.KindOf(group).ShouldBeNull();
        Invite(high, group);
        _bob.Reader.Describe(group).ShouldNotBeNull().InvitedBy.ShouldBe(high.Secrets.Identity);
        _bob.Restart();
        Invite(low, new ConversationId(TestKeys.Named("one more")));
        _bob.Reader.KindOf(new ConversationId(TestKeys.Named("one more"))).ShouldBeNull("over a restart, too");
    }

    [Fact]
    public void An_invitation_is_told_of_when_it_is_kept()
    {
        _bob.HoldWrites = true;
        _alice.Group("team", _bob);
        _world.Run();
        _bob.Events.OfType<GroupInvited>().ShouldBeEmpty();
        for (var i = 0; i < 10 && _bob.Reader.Invitations().Count == 0; i++)
        {
            _bob.Events.OfType<GroupInvited>().ShouldBeEmpty();
            _bob.ReleaseWrite();
            _world.Run();
        }

        _bob.Events.OfType<GroupInvited>().ShouldHaveSingleItem();
    }

    [Fact]
    public void The_first_key_of_each_of_32_inviters_is_kept_and_what_finds_no_place_goes_on_waiting()
    {
        var group = new ConversationId(TestKeys.Named("bogus"));
        List<HostileMember> inviters = [.. Enumerable.Range(0, 34).Select(i => Contact("e" + i))];
        Invite(inviters[0], group);
        _bob.Do(new NodeCommand.AcceptInvitation(group)).ShouldBeOfType<NodeResult.Opened>();
        foreach (var inviter in inviters)
        {
            Invite(inviter, group);
        }

        _bob.Hits("group.other.key").ShouldBe(31);
        _bob.Reader.Invitations().Count(waiting => waiting.Group == group).ShouldBeGreaterThanOrEqualTo(2);
        _bob.Refusal(new NodeCommand.AcceptInvitation(group)).ShouldContain("people have invited to this group before");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void However_many_have_invited_with_a_wrong_key_whoever_invited_with_the_right_one_brings_the_group(bool accepts)
    {
        _bob.AcceptsInvitations = accepts;
        _bob.Restart();
        List<HostileMember> eves = [.. Enumerable.Range(0, 12).Select(i => Contact("e" + i))];
        var group = _alice.Group("team", _bob);
        _alice.Send(group, "hello");
        eves.ForEach(eve => Invite(eve, group));
        _world.Link(_alice, _bob);
        Pass();
        if (!accepts)
        {
            _bob.Do(new NodeCommand.AcceptInvitation(group)).ShouldBeOfType<NodeResult.Opened>();
            Pass();
        }

        _bob.Texts(group).ShouldBe(["hello"]);
        LoopbackScenes.ShouldBeEqual(group, _alice, _bob);
    }

    [Fact]
    public void A_host_that_accepts_all_joins_so_many_groups_of_one_person_and_further_ones_wait()
    {
        _bob.Options = new NodeCoreOptions { Bounds = EngineBounds.Default with { GroupsOfOnePerson = 20 } };
        _bob.AcceptsInvitations = true;
        _bob.Restart();
        _world.Link(_alice, _bob);
        for (var i = 0; i < 25; i++)
        {
            _alice.Group($"group {i}", _bob);
            _world.Pass(TimeSpan.FromMilliseconds(100));
        }

        Pass();
        _bob.Reader.Conversations().Count(id => _bob.Reader.KindOf(id) == ConversationKind.Group).ShouldBe(20);
        _bob.Reader.Invitations().Count.ShouldBe(5);
    }

    [Fact]
    public void Empty_groups_that_a_host_joins_by_itself_are_bounded_in_all_and_what_they_cost_grows_no_faster_than_their_number()
    {
        _bob.AcceptsInvitations = true;
        _bob.Restart();
        var people = Enumerable.Range(0, 12).Select(i => Contact("p" + i)).ToList();
        people.ForEach(by => by.Give(_bob, [.. Enumerable.Range(0, 32).Select(i => Invitation(by, new ConversationId(TestKeys.Named($"{by.Node.Name} {i}"))))]));
        _bob.Reader.Conversations().Count(id => _bob.Reader.KindOf(id) == ConversationKind.Group).ShouldBe(Limits.EmptyGroups);
        _bob.Reader.Invitations().Count.ShouldBe((12 * 32) - Limits.EmptyGroups);
    }

    [Fact]
    public void Another_key_of_one_inviter_is_told_to_nobody()
    {
        var (mate, eve) = (Contact("mate"), Contact("eve"));
        var group = new ConversationId(TestKeys.Named("bogus"));
        Invite(mate, group);
        _bob.Do(new NodeCommand.AcceptInvitation(group)).ShouldBeOfType<NodeResult.Opened>();
        Invite(eve, group);
        Pass();
        var peer = eve.Link(_bob);
        var sent = _bob.SentBytes;
        for (var i = 0; i < 20; i++)
        {
            peer.Send(Invitation(eve, group));
        }

        _bob.Hits("group.other.key").ShouldBe(1);
        _bob.Hits("group.invitation.refused").ShouldBe(20);
        _bob.SentBytes.ShouldBeLessThan(sent + (20 * 400), "receipts alone");
    }

    private ConversationId Left()
    {
        var group = _alice.Group("team", _bob);
        Pass();
        _bob.Do(new NodeCommand.AcceptInvitation(group)).ShouldBeOfType<NodeResult.Opened>();
        Pass();
        _bob.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
        Pass();
        return group;
    }

    private (ConversationId Group, HostileMember Carol) LeftWithCarol()
    {
        var carol = _world.Befriend(_alice, "carol");
        var group = _alice.Group("team", _bob, carol);
        Pass();
        _bob.Do(new NodeCommand.AcceptInvitation(group)).ShouldBeOfType<NodeResult.Opened>();
        Pass();
        _alice.Send(group, "hello");
        carol.Send(group, "hi");
        Pass();
        _bob.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
        Pass();
        _world.Unlink(_alice, carol);
        _world.Nodes.Remove(carol);
        return (group, new HostileMember(_world, carol, group));
    }

    private static SignedRun Invitation(HostileMember by, ConversationId group) =>
        by.Sign(by.Write(by.Draft(EntryKind.GroupInvitation), new GroupInvitationBody
        {
            Group = ByteString.CopyFrom(group.ToArray()),
            ControlKey = ByteString.CopyFrom(TestKeys.Named($"a key {s_keys++}").ToArray()),
            Name = "bogus",
            Grant = ByteString.CopyFrom(TestKeys.Entry("never was").ToArray()),
        }));

    private void Invite(HostileMember by, ConversationId group) => by.Give(_bob, Invitation(by, group));

    private HostileMember Contact(string name)
    {
        var node = _world.Befriend(_bob, name);
        var direct = node.Direct(_bob);
        node.Send(direct, "hello");
        _world.Pass(TimeSpan.FromSeconds(5));
        _world.Unlink(_bob, node);
        _world.Nodes.Remove(node);
        return new HostileMember(_world, node, direct);
    }

    private void Pass() => _world.Pass(TimeSpan.FromSeconds(20));
}
