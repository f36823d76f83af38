using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Engine.Replicas;
using HiNet.Crdt.Core.Tests.Support;
using static HiNet.Crdt.Core.Tests.Engine.HostilePeer;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>Who is let in on a channel, what is told of them, and until when they stay.</summary>
public sealed class ConversationChannelMemberTests
{
    private const long PeerClock = 1_700_000_000_000;

    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _mallory = new("mallory");
    private readonly ReplicaDevice _bob = new("bob");
    private readonly SessionScene _scene;

    public ConversationChannelMemberTests()
    {
        ReplicaDevice.Group(_alice, _mallory, _bob);
        _scene = new SessionScene(_alice);
    }

    [Fact]
    public void A_member_who_has_proved_their_device_is_told_to_the_node_with_their_clock()
    {
        var peer = _scene.Open(_alice.Replica, _mallory);
        var channel = _scene.ChannelOf(_alice.Replica);
        _scene.Ready.ShouldBe([channel]);
        _scene.Proved.ShouldBe([_mallory.Identity]);
        _scene.Clocks.ShouldBe([(_mallory.Identity, PeerClock)]);
        channel.Member.ShouldBe(_mallory.Identity);
        channel.Place.IsStranger.ShouldBeFalse();
        Prove.Parser.ParseFrom(peer.Received[0].Payload).Clock.ShouldBe((ulong)_alice.Wall);

        // Looking again changes nothing.
        channel.Recheck(_scene.Now + TimeSpan.FromSeconds(10));
        _scene.Clocks.Count.ShouldBe(1);
    }

    [Fact]
    public void A_member_whose_device_has_not_been_in_the_conversation_stands_with_strangers()
    {
        var dave = new ReplicaDevice("dave");
        _alice.Control(EntryKind.SetRole, new SetRoleBody { Identity = ReplicaDevice.Bytes(dave.Identity.ToArray()), Role = (uint)Role.Member });
        _scene.Open(_alice.Replica, dave);
        var channel = _scene.ChannelOf(_alice.Replica);
        channel.Member.ShouldBe(dave.Identity);
        channel.Place.IsStranger.ShouldBeTrue();
    }

    [Fact]
    public void A_reader_is_let_in()
    {
        var dave = new ReplicaDevice("dave");
        _alice.Grant(dave, Role.Reader);
        _scene.Open(_alice.Replica, dave).IsClosed.ShouldBeFalse();
        _scene.ChannelOf(_alice.Replica).IsReady.ShouldBeTrue();
    }

    [Fact]
    public void A_device_that_is_known_as_one_members_is_not_let_in_as_anothers()
    {
        // Bob's identity has signed for Mallory's device.
        _alice.Replica.Authority.TryGetDevice(_mallory.Device, out _).ShouldBeTrue();
        var (root, key) = (new byte[32], new byte[64]);
        TestKeys.Sodium.Ed25519FromSeed(TestKeys.Named("bob's identity").ToArray(), root, key);
        var certificate = DeviceCertificate.Issue(TestKeys.Sodium, _bob.Identity, _bob.Card.Certificate.Agreement, key, _mallory.Device);
        var card = DeviceCard.Create(TestKeys.Sodium, certificate, _mallory.Secrets.DeviceSecretKey.Span, _mallory.Card.LeafKey, 0, "bob");
        card.IsValid(TestKeys.Sodium).ShouldBeTrue();
        var peer = _scene.Open(_alice.Replica, _mallory, prove => prove.Card = ByteString.CopyFrom(card.Encode()));
        peer.IsClosed.ShouldBeTrue();
        _alice.Hits("channel.unauthorized").ShouldBe(1);
        _scene.Ready.ShouldBeEmpty();
    }

    [Fact]
    public void Who_turns_out_to_be_a_member_has_a_clock_from_then_on_and_gets_what_it_asked_for()
    {
        var dave = new ReplicaDevice("dave");
        dave.Join(_alice);
        dave.Settle();
        var scene = new SessionScene(dave);
        var peer = scene.Open(dave.Replica, _alice);
        var channel = scene.ChannelOf(dave.Replica);
        channel.Member.ShouldBeNull();
        peer.Send(PullType, []);
        dave.Receive(_alice.Everything());
        scene.Clocks.ShouldBeEmpty();
        peer.Sent(dave.Id).ShouldBeEmpty();

        scene.Now += TimeSpan.FromSeconds(10);
        channel.Recheck(scene.Now);
        scene.Run();
        scene.Clocks.ShouldBe([(_alice.Identity, PeerClock + 10_000)]);
        channel.Member.ShouldBe(_alice.Identity);
        peer.Sent(dave.Id).Count.ShouldBe((int)dave.Replica.EntryCount);
    }

    [Fact]
    public void Whoever_is_no_member_gets_nothing_with_a_turn_either()
    {
        var dave = Awaiting(new NodeCoreOptions { LinkWindowBytes = 1 });
        var scene = new SessionScene(dave);
        var peer = scene.Open(dave.Replica, new ReplicaDevice("stranger"));
        peer.Send(PullType, []);
        peer.Send(SummaryType, new byte[20]);
        peer.Types(2).ShouldBeEmpty();
        for (var i = 0; i < 5; i++)
        {
            scene.Progress();
        }

        peer.Types(2).ShouldBe([FrontierType]);
    }

    [Fact]
    public void Whoever_is_no_member_is_not_told_what_entries_say()
    {
        var said = _alice.Say("among members")[^1].Last.Id;
        var dave = Awaiting();
        dave.Replica.DurableBody(said, out _).ShouldNotBeNull();
        var peer = new SessionScene(dave).Open(dave.Replica, new ReplicaDevice("stranger"));
        var before = peer.Received.Count;
        peer.Send(7, new Want { Entries = { ByteString.CopyFrom(said.ToArray()) } });
        peer.Types(before).ShouldBeEmpty();
        peer.IsClosed.ShouldBeFalse();
    }

    [Fact]
    public void A_stranger_who_is_bringing_entries_may_stay_until_it_has_brought_all()
    {
        var dave = Awaiting();
        var scene = new SessionScene(dave);
        var peer = scene.Open(dave.Replica, new ReplicaDevice("stranger"));
        peer.Send(FrontierType, Promise());
        var channel = scene.ChannelOf(dave.Replica);
        channel.HasTurn.ShouldBeTrue();
        dave.Receive(_alice.Grant(dave));
        dave.Replica.AwaitsMembership.ShouldBeFalse();
        channel.Recheck(scene.Now);
        scene.Run();
        peer.IsClosed.ShouldBeFalse();
        peer.Send(CaughtUpType, []);
        peer.IsClosed.ShouldBeFalse();

        // When it would be compared with.
        scene.Pass(2);
        peer.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public void Who_is_no_member_any_more_is_shut_out_even_while_it_brings_entries()
    {
        var peer = _scene.Open(_alice.Replica, _mallory);
        peer.Send(FrontierType, Promise());
        var channel = _scene.ChannelOf(_alice.Replica);
        channel.HasTurn.ShouldBeTrue();
        _alice.Receive(_mallory.Leave());
        channel.Recheck(_scene.Now);
        _scene.Run();
        peer.IsClosed.ShouldBeTrue();
    }

    [Theory]
    [InlineData("alice", true, 1)]
    [InlineData("alice", false, 0)]
    [InlineData("stranger", true, 0)]
    public void That_somebody_has_left_is_known_when_a_member_who_has_the_entry_shuts_them_out(string name, bool closes, int known)
    {
        _bob.Leave();
        _bob.Replica.InvitedAgain(TestKeys.Entry("a grant"));
        _bob.Settle();
        var scene = new SessionScene(_bob);
        var peer = scene.Open(_bob.Replica, name == "alice" ? _alice : new ReplicaDevice(name));
        peer.Send(FrontierType, _bob.Replica.DurableFrontier.Encode());
        scene.ChannelOf(_bob.Replica).IsReady.ShouldBeTrue();
        if (closes)
        {
            peer.Close();
        }
        else
        {
            scene.Session.Ended(scene.Now);
        }

        scene.Session.FindChannel(_bob.Replica).ShouldBeNull();
        _bob.Hits("group.leave.known").ShouldBe(known);
    }

    [Fact]
    public void A_channel_that_has_just_begun_keeps_little_and_owes_nothing()
    {
        var channel = new ConversationChannel(
            _scene.Session, new LinkChannel(new ChannelKey("test", []), LinkChannelState.Open), _alice.Replica, _alice.Services, _scene);
        channel.KeptBytes.ShouldBe(512);
        channel.AcknowledgeConsumed(_scene.Now).ShouldBeTrue();
        channel.TakeTurn(_scene.Now).ShouldBeFalse();
        channel.Deadline.ShouldBe(Instant.Never);
    }

    /// <summary>Has all of the group, and was invited to it by an entry that has not come.</summary>
    private ReplicaDevice Awaiting(NodeCoreOptions? options = null)
    {
        var dave = new ReplicaDevice("dave", options);
        dave.Create(_alice.Replica.Description with { Awaits = TestKeys.Entry("a grant") }, _alice.Replica.ControlKey.ToArray());
        dave.Receive(_alice.Everything());
        dave.Replica.AwaitsMembership.ShouldBeTrue();
        return dave;
    }

    private static byte[] Promise() => Frontier.From([new FrontierHead(TestKeys.Device("elsewhere"), 5, TestKeys.Entry("never was"))]).Encode();
}
