using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>
/// Bob left a group and is added again by Carol, who had left too when Bob last looked: in his view the only member is Alice, who
/// has left meanwhile, and Carol is none.
/// </summary>
public sealed class ReadmissionTests
{
    private readonly LoopbackWorld _world = new();
    private readonly LoopbackNode _alice;
    private readonly LoopbackNode _bob;
    private readonly LoopbackNode _carol;
    private readonly ConversationId _group;
    private readonly ConversationId _direct;

    public ReadmissionTests()
    {
        (_alice, _bob) = _world.Contacts("alice", "bob");
        _carol = _world.Befriend(_alice, "carol");
        LoopbackScenes.Introduce(_carol, _bob);
        _world.Link(_bob, _carol);
        _direct = _carol.Direct(_bob);
        _carol.Send(_direct, "hi");
        _group = _alice.Group("readmission", _bob, _carol);
        Pass();

        Leave(_carol);
        Leave(_bob);
        Add(_alice, _carol);
        Leave(_alice);
    }

    [Fact]
    public void Whoever_is_added_again_gets_the_history_from_a_member_whom_they_only_know_to_have_left()
    {
        Add(_carol, _bob);
        _carol.Send(_group, "welcome back");
        Pass();
        ShouldHaveMet();
    }

    [Fact]
    public void An_invitation_that_came_before_a_restart_still_counts()
    {
        GiveTheInvitationOnly();
        _bob.Restart();
        _world.Link(_bob, _carol);
        Pass();
        ShouldHaveMet();
    }

    [Fact]
    public void Whoever_left_and_was_not_added_again_lets_nobody_in_whom_they_know_to_have_left()
    {
        _world.Unlink(_bob, _carol);
        var peer = Knock(_carol);
        peer.IsShutOut.ShouldBeTrue();
        peer.Received.ShouldNotContain(r => r.Type != HostilePeer.ProveType);
    }

    [Fact]
    public void Whom_the_invited_let_in_gets_no_entry_unless_the_history_says_that_they_are_a_member()
    {
        GiveTheInvitationOnly();
        var stranger = _world.Add("stranger");
        _world.Nodes.Remove(stranger);
        var peer = Knock(stranger);
        peer.IsOpen.ShouldBeTrue();
        var head = new FrontierHead(_carol.Secrets.Device, 1_000, Support.TestKeys.Entry("never was"));
        peer.Send(HostilePeer.FrontierType, Frontier.From([head]).Encode());
        peer.Send(HostilePeer.PullType, []);
        _world.Link(_bob, _carol);
        for (var i = 0; i < 30; i++)
        {
            _world.Pass(TimeSpan.FromSeconds(3));
            peer.KeepAlive();
        }

        peer.IsShutOut.ShouldBeTrue();
        peer.Received.ShouldNotContain(r => r.Type == HostilePeer.SegmentsType);
        LoopbackScenes.ShouldBeEqual(_group, _carol, _bob);
    }

    /// <summary>Bob and Carol are not linked any more, and of what Carol wrote Bob has their direct conversation.</summary>
    private void GiveTheInvitationOnly()
    {
        _world.Unlink(_bob, _carol);
        Add(_carol, _bob);
        _carol.Send(_group, "welcome back");
        var carol = new HostileMember(_world, _carol, _direct);
        carol.Give(_bob, carol.Everything());
    }

    private HostilePeer Knock(LoopbackNode from) =>
        new HostilePeer(_world, from.Secrets, _bob, _group, new HostileMember(_world, _carol, _group).ControlKey).Link();

    private void ShouldHaveMet()
    {
        LoopbackScenes.ShouldBeEqual(_group, _carol, _bob);
        _bob.Texts(_group).ShouldBe(["welcome back"]);
        _bob.Send(_group, "thanks");
        Pass();
        _carol.Texts(_group).ShouldContain("thanks");
    }

    private void Leave(LoopbackNode who)
    {
        who.Do(new NodeCommand.Leave(_group)).ShouldBeOfType<NodeResult.Written>();
        Pass();
    }

    private void Add(LoopbackNode by, LoopbackNode who)
    {
        by.Do(new NodeCommand.AddMember(_group, who.Identity)).ShouldBeOfType<NodeResult.Written>();
        Pass();
    }

    private void Pass() => _world.Pass(TimeSpan.FromSeconds(20));
}
