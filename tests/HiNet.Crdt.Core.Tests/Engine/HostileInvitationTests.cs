using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Eve is a contact of Bob's, has heard of the group to which Alice invites him, and invites him first.</summary>
public sealed class HostileInvitationTests
{
    private readonly LoopbackWorld _world = new();
    private readonly LoopbackNode _alice;
    private readonly LoopbackNode _bob;
    private readonly HostileMember _eve;
    private readonly ConversationId _group;

    public HostileInvitationTests()
    {
        (_alice, _bob) = _world.Contacts("alice", "bob");
        _eve = Contact("eve");
        _world.Pass(TimeSpan.FromSeconds(5));
        _world.Unlink(_alice, _bob);
        _group = _alice.Group("team", _bob);
        _alice.Send(_group, "hello");
    }

    [Fact]
    public void A_key_that_opens_nothing_does_not_lock_the_right_one_out()
    {
        Invite(_eve, _group, "squatted");
        _bob.Reader.NameOf(_group).ShouldBe("squatted");
        _world.Link(_alice, _bob);
        Pass();
        _bob.Texts(_group).ShouldBe(["hello"]);
        _bob.Reader.NameOf(_group).ShouldBe("team");
        LoopbackScenes.ShouldBeEqual(_group, _alice, _bob);
        _bob.Send(_group, "hello to you");
        Pass();
        LoopbackScenes.ShouldBeEqual(_group, _alice, _bob);
    }

    [Fact]
    public void Nor_does_it_over_a_restart_between_the_two_and_after()
    {
        Invite(_eve, _group, "squatted");
        _bob.Restart();
        _world.Link(_alice, _bob);
        _bob.Restart();
        _world.Link(_alice, _bob);
        Pass();
        LoopbackScenes.ShouldBeEqual(_group, _alice, _bob);
        _bob.Restart();
        _bob.Texts(_group).ShouldBe(["hello"]);
        _bob.Send(_group, "goes on");
    }

    [Fact]
    public void Nor_when_a_person_decides()
    {
        _bob.AcceptsInvitations = false;
        _bob.Restart();
        Invite(_eve, _group, "squatted");
        _world.Link(_alice, _bob);
        Pass();
        _bob.Reader.Invitations().Select(waiting => (waiting.Name, waiting.By.Name)).ShouldBe([("squatted", "eve"), ("team", "alice")], ignoreOrder: true);
        _bob.Do(new NodeCommand.AcceptInvitation(_group)).ShouldBeOfType<NodeResult.Opened>();
        Pass();
        LoopbackScenes.ShouldBeEqual(_group, _alice, _bob);
    }

    [Fact]
    public void Nor_does_one_who_invites_again_and_again_take_more_than_one_place()
    {
        for (var i = 0; i < 6; i++)
        {
            Invite(_eve, _group, "squatted");
        }

        _bob.Hits("group.invitation.refused").ShouldBe(5, "the first key of theirs counts");
        _world.Link(_alice, _bob);
        Pass();
        LoopbackScenes.ShouldBeEqual(_group, _alice, _bob);
    }

    [Fact]
    public void A_wrong_key_behind_the_genesis_is_refused()
    {
        _world.Link(_alice, _bob);
        Pass();
        Invite(_eve, _group, "squatted");
        _bob.Hits("group.invitation.refused").ShouldBe(1);
        _bob.Do(new NodeCommand.Leave(_group)).ShouldBeOfType<NodeResult.Written>();
        Pass();
        Invite(_eve, _group, "squatted");
        _bob.Hits("group.invitation.refused").ShouldBe(2);
        _bob.Reader.NameOf(_group).ShouldBe("team");
    }

    [Fact]
    public void A_host_that_accepts_all_holds_only_32_groups_of_one_contact_of_which_nothing_comes()
    {
        var groups = Enumerable.Range(0, 40).Select(i => new ConversationId(TestKeys.Named($"bogus {i}"))).ToList();
        groups.ForEach(group => Invite(_eve, group, "bogus"));
        groups.Count(group => _bob.Reader.KindOf(group) is not null).ShouldBe(32);
        _bob.Reader.Invitations().Count.ShouldBe(8);
        _bob.Events.OfType<GroupInvited>().Count().ShouldBe(8, "the others do not wait");
        _world.Link(_alice, _bob);
        Pass();
        LoopbackScenes.ShouldBeEqual(_group, _alice, _bob);
    }

    private static void Invite(HostileMember by, LoopbackNode whom, ConversationId group, string name) =>
        by.Give(whom, by.Sign(by.Write(by.Draft(EntryKind.GroupInvitation), new GroupInvitationBody
        {
            Group = ByteString.CopyFrom(group.ToArray()),
            ControlKey = ByteString.CopyFrom(TestKeys.Named($"a key {s_keys++}").ToArray()),
            Name = name,
            Grant = ByteString.CopyFrom(TestKeys.Entry("never was").ToArray()),
        })));

    private void Invite(HostileMember by, ConversationId group, string name) => Invite(by, _bob, group, name);

    private static int s_keys;

    /// <summary>A contact of Bob's whose keys are in bad hands.</summary>
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
