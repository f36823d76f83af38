using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Someone with authority writes what no honest node would: the others stand it.</summary>
public sealed class HostileOwnerTests
{
    private readonly LoopbackWorld _world = new();
    private readonly LoopbackNode _bob;
    private readonly LoopbackNode _carol;
    private readonly HostileMember _owner;
    private readonly ConversationId _group;

    public HostileOwnerTests()
    {
        (var owner, _bob) = _world.Contacts("owner", "bob");
        _carol = _world.Befriend(_bob, "carol");
        LoopbackScenes.Introduce(owner, _carol);
        LoopbackScenes.Introduce(_carol, owner);
        _world.Link(owner, _carol);
        _group = owner.Group("team", _bob);
        owner.Send(_group, "welcome");
        _world.Pass(TimeSpan.FromSeconds(2));
        _world.Unlink(owner, _bob);
        _world.Unlink(owner, _carol);
        _world.Nodes.Remove(owner);
        _owner = new HostileMember(_world, owner, _group);
    }

    [Theory]
    [InlineData(Role.Member)]
    [InlineData(Role.Admin)]
    public void Someone_taken_in_without_their_device_introduces_it_and_writes(Role role)
    {
        TakeIn(role);
        _carol.Send(_group, "here I am");
        _world.Pass(TimeSpan.FromSeconds(60));
        _bob.Texts(_group).ShouldBe(["welcome", "here I am"]);
        LoopbackScenes.ShouldBeEqual(_group, _bob, _carol);
    }

    [Fact]
    public void Someone_taken_in_without_their_device_can_leave_at_once()
    {
        TakeIn(Role.Member);
        _carol.Do(new NodeCommand.Leave(_group)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(TimeSpan.FromSeconds(5));
        _bob.Reader.MembersOf(_group).ShouldNotContain(m => m.Person.Id == _carol.Identity);
    }

    [Fact]
    public void A_reader_who_can_make_no_epoch_receives_and_acknowledges_nothing()
    {
        TakeIn(Role.Reader);
        _bob.Send(_group, "to a reader");
        _world.Pass(TimeSpan.FromSeconds(60));
        LoopbackScenes.ShouldBeEqual(_group, _bob, _carol);
        _carol.Refusal(new NodeCommand.SendText(_group, "may I?", null))
            .ShouldBe("You are not a member of this group, only a reader of it: ask an admin to add you.");
    }

    [Fact]
    public void A_reader_can_leave()
    {
        TakeIn(Role.Reader);
        _carol.Do(new NodeCommand.Leave(_group)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(TimeSpan.FromSeconds(5));
        _bob.Reader.MembersOf(_group).ShouldNotContain(m => m.Person.Id == _carol.Identity);
    }

    [Fact]
    public void A_reader_under_whose_eyes_a_device_forks_reports_nothing_that_is_not_theirs_to_report()
    {
        TakeIn(Role.Reader);
        var head = _owner.Head;
        var one = _owner.Say("a");
        _owner.Head = head;
        var other = _owner.Say("b");
        _owner.Give(_carol, _owner.Sign(one), _owner.Sign(other));
        _world.Pass(TimeSpan.FromSeconds(120));
        LoopbackScenes.ShouldBeEqual(_group, _bob, _carol);
        _bob.Hits("log.fork.reported").ShouldBe(1);
        _carol.Hits("log.fork.reported").ShouldBe(0);
    }

    private void TakeIn(Role role)
    {
        var entry = _owner.Write(_owner.Draft(EntryKind.SetRole), new SetRoleBody
        {
            Identity = ByteString.CopyFrom(_carol.Identity.ToArray()),
            Role = (uint)role,
        });
        _owner.Give(_bob, _owner.Sign(entry));

        // The group reaches Carol by an invitation in the direct conversation.
        var direct = _owner.Node.Direct(_carol);
        _owner.Node.Send(direct, "join us");
        var member = new HostileMember(_world, _owner.Node, direct);
        var invitation = member.Write(member.Draft(EntryKind.GroupInvitation), new GroupInvitationBody
        {
            Group = ByteString.CopyFrom(_group.ToArray()),
            ControlKey = ByteString.CopyFrom(_owner.ControlKey),
            Name = "team",
        });
        member.Give(_carol, [.. member.Everything(), member.Sign(invitation)]);
        _world.Pass(TimeSpan.FromSeconds(5));
        _carol.Reader.StatusOf(_group).Entries.ShouldBeGreaterThan(0);
    }
}
