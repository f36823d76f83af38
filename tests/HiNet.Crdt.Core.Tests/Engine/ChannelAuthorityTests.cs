using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Nothing but proofs passes to anyone who is not a member, whatever they know.</summary>
public sealed class ChannelAuthorityTests
{
    private readonly HostileScene _scene = new();

    private HostileMember Mallory => _scene.Mallory;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_member_is_let_in_from_either_end_and_told_what_is_there(bool isInitiator)
    {
        var peer = Mallory.Link(_scene.Alice, isInitiator);
        peer.Received.Select(r => r.Type).ShouldBe([HostilePeer.ProveType, HostilePeer.SummaryType]);
        peer.Send(Mallory.Sign(Mallory.Say("by hand")));
        peer.Unlink();
        _scene.ShouldGoOn("by hand");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stranger_who_knows_the_conversations_id_and_no_secret_gets_nothing(bool isInitiator)
    {
        var peer = new HostilePeer(
            _scene.World, Stranger().Secrets, _scene.Alice, _scene.Group, new byte[32], isInitiator).Link();
        ShouldGetNothing(peer, received: 0);
        _scene.Alice.Hits("channel.nothing.common").ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stranger_who_knows_the_control_key_gets_no_more_than_a_proof(bool isInitiator)
    {
        var peer = new HostilePeer(
            _scene.World, Stranger().Secrets, _scene.Alice, _scene.Group, Mallory.ControlKey, isInitiator).Link();

        // Whoever opened the link shows its device first.
        ShouldGetNothing(peer, received: isInitiator ? 0 : 1);
        _scene.Alice.Hits("channel.unauthorized").ShouldBe(1);
    }

    [Theory]
    [InlineData(HostilePeer.SummaryType)]
    [InlineData(HostilePeer.FrontierType)]
    [InlineData(HostilePeer.PullType)]
    [InlineData(HostilePeer.SegmentsType)]
    [InlineData(99)]
    public void A_message_before_the_proof_costs_the_channel(int type)
    {
        foreach (var isInitiator in new[] { true, false })
        {
            var peer = new HostilePeer(_scene.World, Mallory.Secrets, _scene.Alice, _scene.Group, Mallory.ControlKey, isInitiator) { Proves = false }.Link();
            peer.Send(type, type == HostilePeer.SegmentsType ? HostilePeer.Segments(Mallory.Sign(Mallory.Say("early"))) : []);
            ShouldGetNothing(peer, received: isInitiator ? 0 : 1, reason: "early-message", goOn: false);
        }

        _scene.ShouldGoOn();
    }

    [Fact]
    public void A_second_proof_costs_the_channel()
    {
        var peer = Mallory.Link(_scene.Alice);
        peer.Prove();
        _scene.World.Run();
        peer.IsShutOut.ShouldBeTrue();
        _scene.Alice.Events.OfType<PeerMisbehaved>().ShouldHaveSingleItem().Reason.ShouldBe("early-message");
        _scene.ShouldGoOn();
    }

    [Fact]
    public void A_proof_out_of_turn_costs_the_channel()
    {
        // Alice dialled, so it is hers to begin; hold what she says until Mallory has spoken first.
        var peer = new HostilePeer(_scene.World, Mallory.Secrets, _scene.Alice, _scene.Group, Mallory.ControlKey, isInitiator: false) { Proves = false }.Link();
        peer.Received.ShouldHaveSingleItem().Type.ShouldBe(HostilePeer.ProveType);
        peer.Prove();
        peer.Prove();
        _scene.World.Run();
        peer.IsShutOut.ShouldBeTrue();
        _scene.Alice.Events.OfType<PeerMisbehaved>().ShouldHaveSingleItem().Reason.ShouldBe("early-message");
    }

    [Theory]
    [InlineData("someone else's card", "bad-signature")]
    [InlineData("a card with a flipped bit", "bad-card")]
    [InlineData("no card", "bad-card")]
    [InlineData("a signature with a flipped bit", "bad-signature")]
    [InlineData("a short signature", "bad-signature")]
    [InlineData("no signature", "bad-signature")]
    public void A_forged_proof_costs_the_channel(string forgery, string reason)
    {
        foreach (var isInitiator in new[] { true, false })
        {
            var peer = new HostilePeer(_scene.World, Mallory.Secrets, _scene.Alice, _scene.Group, Mallory.ControlKey, isInitiator)
            {
                Forge = prove => Forge(prove, forgery),
            }.Link();
            ShouldGetNothing(peer, received: isInitiator ? 0 : 1, reason, goOn: false);
        }

        _scene.ShouldGoOn();
    }

    [Fact]
    public void A_proof_from_another_link_counts_for_nothing()
    {
        Prove? recorded = null;
        var first = new HostilePeer(_scene.World, Mallory.Secrets, _scene.Alice, _scene.Group, Mallory.ControlKey)
        {
            Forge = prove => recorded = prove.Clone(),
        }.Link();
        first.IsOpen.ShouldBeTrue();
        first.Unlink();

        // The thief has the control key and what was said on the wire, and not the device's key.
        var replay = new HostilePeer(_scene.World, Stranger().Secrets, _scene.Alice, _scene.Group, Mallory.ControlKey)
        {
            Forge = prove => (prove.Card, prove.Signature) = (recorded!.Card, recorded.Signature),
        }.Link();
        ShouldGetNothing(replay, received: 0, reason: "bad-signature");
    }

    [Fact]
    public void Whoever_leaves_gets_nothing_that_is_written_afterwards()
    {
        var carol = _scene.World.Befriend(_scene.Alice, "carol");
        _scene.Alice.Do(new NodeCommand.AddMember(_scene.Group, carol.Identity)).ShouldBeOfType<NodeResult.Written>();
        _scene.World.Pass(TimeSpan.FromSeconds(2));
        carol.Do(new NodeCommand.Leave(_scene.Group)).ShouldBeOfType<NodeResult.Written>();
        _scene.World.Pass(TimeSpan.FromSeconds(2));
        var before = carol.Reader.StatusOf(_scene.Group).Entries;
        for (var i = 0; i < 3; i++)
        {
            _scene.Alice.Send(_scene.Group, $"without carol {i}");
            _scene.World.Pass(TimeSpan.FromSeconds(5));
        }

        carol.Reader.StatusOf(_scene.Group).Entries.ShouldBe(before);
        carol.Restart();
        _scene.World.Link(carol, _scene.Alice);
        _scene.World.Pass(TimeSpan.FromSeconds(5));
        carol.Reader.StatusOf(_scene.Group).Entries.ShouldBe(before);
        _scene.ShouldGoOn("without carol 0", "without carol 1", "without carol 2");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whom_a_newcomer_let_in_while_it_held_nothing_gets_nothing_unless_the_history_says_that_they_are_a_member(bool lies)
    {
        // Carol has the invitation and not the group's history: Alice's direct conversation with her was all she was given.
        var carol = _scene.World.Befriend(_scene.Alice, "carol");
        var direct = carol.Direct(_scene.Alice);
        carol.Send(direct, "hi");
        _scene.World.Pass(TimeSpan.FromSeconds(2));
        _scene.World.Unlink(_scene.Alice, carol);
        _scene.Alice.Do(new NodeCommand.AddMember(_scene.Group, carol.Identity)).ShouldBeOfType<NodeResult.Written>();
        var alice = new HostileMember(_scene.World, _scene.Alice, direct);
        alice.Give(carol, alice.Everything());

        var peer = new HostilePeer(_scene.World, Stranger().Secrets, carol, _scene.Group, Mallory.ControlKey).Link();
        peer.IsOpen.ShouldBeTrue();
        if (lies)
        {
            var head = new FrontierHead(Mallory.Secrets.Device, 1_000, Support.TestKeys.Entry("never was"));
            peer.Send(HostilePeer.FrontierType, Frontier.From([head]).Encode());
        }

        peer.Send(HostilePeer.PullType, []);
        _scene.World.Link(carol, _scene.Alice);
        for (var i = 0; i < 30; i++)
        {
            _scene.World.Pass(TimeSpan.FromSeconds(3));
            peer.KeepAlive();
        }

        peer.IsShutOut.ShouldBeTrue();
        peer.Received.ShouldNotContain(r => r.Type == HostilePeer.SegmentsType);
        LoopbackScenes.ShouldBeEqual(_scene.Group, _scene.Alice, carol);
    }

    private LoopbackNode Stranger()
    {
        var stranger = _scene.World.Add("stranger");
        _scene.World.Nodes.Remove(stranger);
        return stranger;
    }

    private void Forge(Prove prove, string forgery)
    {
        switch (forgery)
        {
            case "someone else's card":
                prove.Card = ByteString.CopyFrom(_scene.Bob.Secrets.Card(LoopbackNode.Cryptography).Encode());
                break;
            case "a card with a flipped bit":
                var card = prove.Card.ToByteArray();
                card[^1] ^= 1;
                prove.Card = ByteString.CopyFrom(card);
                break;
            case "no card":
                prove.Card = ByteString.Empty;
                break;
            case "a signature with a flipped bit":
                var signature = prove.Signature.ToByteArray();
                signature[3] ^= 1;
                prove.Signature = ByteString.CopyFrom(signature);
                break;
            case "a short signature":
                prove.Signature = ByteString.CopyFrom(prove.Signature.Span[..10]);
                break;
            default:
                prove.Signature = ByteString.Empty;
                break;
        }
    }

    private void ShouldGetNothing(HostilePeer peer, int received, string? reason = null, bool goOn = true)
    {
        peer.IsShutOut.ShouldBeTrue();
        peer.IsOpen.ShouldBeFalse();
        peer.IsLinked.ShouldBeTrue("one channel's trouble is not the link's");
        peer.Received.Select(r => r.Type).ShouldBe(Enumerable.Repeat(HostilePeer.ProveType, received));
        if (reason is not null)
        {
            _scene.Alice.Events.OfType<PeerMisbehaved>().Last().Reason.ShouldBe(reason);
            _scene.Alice.Hits("peer.misbehaved." + reason).ShouldBeGreaterThan(0);
        }

        peer.Unlink();
        if (goOn)
        {
            _scene.ShouldGoOn();
        }
    }
}
