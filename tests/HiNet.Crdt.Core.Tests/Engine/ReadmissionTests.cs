using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Bob, who had left, is added again by Carol, of whom he only knows that she had left.</summary>
public sealed class ReadmissionTests
{
    private readonly ReadmissionScene _scene = new();

    [Fact]
    public void Whoever_is_added_again_gets_the_history_from_a_member_whom_they_only_know_to_have_left()
    {
        _scene.Add(_scene.Carol, _scene.Bob);
        _scene.Carol.Send(_scene.Group, "welcome back");
        _scene.Pass();
        ShouldHaveMet();
    }

    [Fact]
    public void An_invitation_that_came_before_a_restart_still_counts()
    {
        _scene.GiveTheInvitationOnly();
        _scene.Bob.Restart();
        _scene.World.Link(_scene.Bob, _scene.Carol);
        _scene.Pass();
        ShouldHaveMet();
    }

    [Fact]
    public void Whoever_left_and_was_not_added_again_lets_nobody_in_whom_they_know_to_have_left()
    {
        _scene.World.Unlink(_scene.Bob, _scene.Carol);
        var peer = _scene.Knock(_scene.Carol);
        peer.IsShutOut.ShouldBeTrue();
        peer.Received.ShouldNotContain(r => r.Type != HostilePeer.ProveType);
    }

    [Fact]
    public void Whom_the_invited_let_in_gets_no_entry_unless_the_history_says_that_they_are_a_member()
    {
        _scene.GiveTheInvitationOnly();
        var peer = _scene.Knock(_scene.Stranger("stranger"));
        peer.IsOpen.ShouldBeTrue();
        var head = new FrontierHead(_scene.Carol.Secrets.Device, 1_000, Support.TestKeys.Entry("never was"));
        peer.Send(HostilePeer.FrontierType, Frontier.From([head]).Encode());
        peer.Send(HostilePeer.PullType, []);
        _scene.World.Link(_scene.Bob, _scene.Carol);
        for (var i = 0; i < 30; i++)
        {
            _scene.World.Pass(TimeSpan.FromSeconds(3));
            peer.KeepAlive();
        }

        peer.IsShutOut.ShouldBeTrue();
        peer.Received.ShouldNotContain(r => r.Type == HostilePeer.SegmentsType);
        LoopbackScenes.ShouldBeEqual(_scene.Group, _scene.Carol, _scene.Bob);
    }

    private void ShouldHaveMet()
    {
        LoopbackScenes.ShouldBeEqual(_scene.Group, _scene.Carol, _scene.Bob);
        _scene.Bob.Texts(_scene.Group).ShouldBe(["welcome back"]);
        _scene.Bob.Send(_scene.Group, "thanks");
        _scene.Pass();
        _scene.Carol.Texts(_scene.Group).ShouldContain("thanks");
    }
}
