using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Engine.Replicas;
using HiNet.Crdt.Core.Tests.Support;
using static HiNet.Crdt.Core.Tests.Engine.HostilePeer;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>What a link opens and knocks with, in which order, when it is full, and when it comes to an end.</summary>
public sealed class LinkSessionRoomTests
{
    private readonly ReplicaDevice _mallory = new("mallory");

    [Fact]
    public void Conversations_that_find_no_room_are_offered_in_order_and_once_however_often_they_are_asked_for()
    {
        var alice = Alice(channels: 2);
        var scene = new SessionScene(alice);
        Replica[] groups = [.. Enumerable.Range(2, 5).Select(number => NewGroup(alice, (uint)number))];
        for (var i = 0; i < 3; i++)
        {
            foreach (var group in groups)
            {
                scene.Session.OpenConversation(group, scene.Now);
            }
        }

        scene.Run();
        for (var i = 0; i < groups.Length; i++)
        {
            scene.Offered.Count.ShouldBe(Math.Min(groups.Length, i + 2));
            scene.Reject(scene.Offered[i]);
        }

        scene.Offered.Select(channel => channel.Id.ToArray()).ShouldBe(groups.Select(scene.NameOf));
    }

    [Fact]
    public void What_waited_is_opened_at_the_time_of_what_made_room()
    {
        var alice = Alice(channels: 1);
        var scene = new SessionScene(alice);
        scene.Open(alice.Replica, _mallory);
        scene.Session.OpenConversation(NewGroup(alice, 2), scene.Now);
        scene.Run();
        scene.Offered.ShouldBeEmpty();
        scene.Now += TimeSpan.FromSeconds(10);
        scene.Session.OpenConversation(alice.Replica, scene.Now);
        scene.ChannelOf(alice.Replica).Close(scene.Now);
        scene.Run();
        scene.Offered.Count.ShouldBe(1);
        scene.Session.Machine.Deadline.ShouldBeGreaterThan(scene.Now + TimeSpan.FromSeconds(9), "it was silent for no time");
    }

    [Fact]
    public void An_invite_that_finds_no_room_on_the_link_is_knocked_with_when_there_is_some()
    {
        var scene = new SessionScene(Alice());
        FillWithKnocks(scene, LinkOptions.Default.MaxChannels + 1);
        scene.Offered.Count.ShouldBe(LinkOptions.Default.MaxChannels);
        scene.Reject(scene.Offered[0]);
        scene.Offered.Count.ShouldBe(LinkOptions.Default.MaxChannels + 1);
        scene.Offered[^1].Id.ToArray().ShouldBe(NameOf(scene, scene.Accepted[^1]));
    }

    [Fact]
    public void On_a_link_that_is_full_of_knocks_conversations_wait_in_order_and_nobody_is_answered()
    {
        var alice = Alice();
        var scene = new SessionScene(alice);
        FillWithKnocks(scene, LinkOptions.Default.MaxChannels);
        Replica[] groups = [.. Enumerable.Range(2, 3).Select(number => NewGroup(alice, (uint)number))];
        foreach (var group in groups)
        {
            scene.Session.OpenConversation(group, scene.Now);
        }

        var issued = InviteOf(_mallory, "issued");
        scene.Issued.Add(issued);
        scene.Knock(issued);
        scene.Rejected.ShouldBe(1);
        scene.Offered.Count.ShouldBe(LinkOptions.Default.MaxChannels);
        for (var i = 0; i < groups.Length; i++)
        {
            scene.Reject(scene.Offered[i]);
            scene.Offered.Skip(LinkOptions.Default.MaxChannels).Select(channel => channel.Id.ToArray())
                .ShouldBe(groups.Take(i + 1).Select(scene.NameOf));
        }
    }

    [Fact]
    public void Each_invite_is_knocked_with_again_five_minutes_after_its_own_rejection_and_no_other_with_it()
    {
        var scene = new SessionScene(Alice());
        scene.Accepted.AddRange([InviteOf(_mallory, "one"), InviteOf(_mallory, "two"), InviteOf(_mallory, "not tried")]);
        foreach (var invite in scene.Accepted.Take(2))
        {
            scene.Session.Knock(invite, scene.Now);
        }

        scene.Run();
        var start = scene.Now;
        scene.Reject(scene.Offered[0]);
        scene.PassTo(start + TimeSpan.FromSeconds(60));
        scene.Reject(scene.Offered[1]);
        foreach (var (seconds, offered) in new[] { (299, 2), (300, 3), (359, 3), (360, 4), (500, 4) })
        {
            scene.PassTo(start + TimeSpan.FromSeconds(seconds));
            scene.Offered.Count.ShouldBe(offered, $"after {seconds} s");
        }

        scene.Offered.Select(channel => channel.Id.ToArray()).ShouldBe(
            new[] { 0, 1, 0, 1 }.Select(i => NameOf(scene, scene.Accepted[i])));
    }

    [Fact]
    public void Where_there_was_room_for_all_a_channels_end_is_no_reason_to_knock()
    {
        var alice = Alice();
        var scene = new SessionScene(alice);
        var peer = scene.Open(alice.Replica, _mallory);
        scene.Accepted.Add(InviteOf(_mallory, "not tried"));
        peer.Close();
        scene.Session.FindChannel(alice.Replica).ShouldBeNull();
        scene.Offered.ShouldBeEmpty();
    }

    [Fact]
    public void Whoever_knocked_takes_the_issuers_answer_without_asking_for_a_place()
    {
        var scene = new SessionScene(Alice());
        var invite = InviteOf(_mallory, "one");
        scene.Session.Knock(invite, scene.Now);
        scene.Run();
        var peer = scene.Knock(invite, scene.Offered.ShouldHaveSingleItem());
        var message = ChannelSecrets.ToSign(
            EngineDomains.InviteSignature, scene.HandshakeHash.Span, byInitiator: true, invite.Id(TestKeys.Sodium), _mallory.Device);
        var signature = new byte[64];
        TestKeys.Sodium.Sign(_mallory.Secrets.DeviceSecretKey.Span, message, signature);
        peer.Send(0, new Introduction { Card = ByteString.CopyFrom(_mallory.Card.Encode()), Signature = ByteString.CopyFrom(signature) });
        scene.Misbehaviours.ShouldBeEmpty();
        scene.Acquainted.ShouldBe([_mallory.Identity]);
        scene.Admitted.ShouldBeEmpty();
    }

    [Fact]
    public void A_channel_that_closes_when_it_is_due_keeps_none_behind_it_waiting()
    {
        var alice = Alice();
        var other = Enumerable.Range(2, 100).Select(number => NewGroup(alice, (uint)number)).First(group => group.Id.CompareTo(alice.Id) > 0);
        Replica[] replicas = [alice.Replica, other];
        var scene = new SessionScene(alice.Services, replicas);
        var peers = replicas.Select(replica => scene.Open(replica, _mallory)).ToArray();
        foreach (var peer in peers)
        {
            peer.Send(SummaryType, new byte[20]);
        }

        alice.Receive(_mallory.Leave());
        peers[1].Count(SummaryType).ShouldBe(1);
        scene.Pass(2);
        peers[0].IsClosed.ShouldBeTrue();
        peers[1].Count(SummaryType).ShouldBe(2);
    }

    [Fact]
    public void When_nobody_is_left_of_those_who_waited_for_room_nobody_gets_a_turn()
    {
        var alice = new ReplicaDevice("alice", new NodeCoreOptions { LinkWindowBytes = 1 });
        ReplicaDevice.Group(alice, _mallory);
        var scene = new SessionScene(alice);
        var peer = scene.Open(alice.Replica, _mallory);
        peer.Send(SummaryType, new byte[20]);
        scene.Session.Room.IsAwaited.ShouldBeTrue();
        peer.Close();
        scene.Session.Channels.ShouldBeEmpty();
        scene.Progress();
        scene.Session.Room.IsAwaited.ShouldBeFalse();
        alice.Hits("link.turns").ShouldBe(1);
    }

    [Fact]
    public void A_channel_that_has_ended_belongs_to_nobody()
    {
        var scene = new SessionScene(Alice());
        var channel = new LinkChannel(new ChannelKey("test", []), LinkChannelState.Closed) { Tag = new object() };
        scene.Session.Add(new LinkEffect.ChannelClosed(channel));
        channel.Tag.ShouldBeNull();
    }

    [Fact]
    public void A_link_without_a_handshake_ends_after_ten_seconds_and_says_that_the_bound_was_met()
    {
        var alice = Alice();
        var session = new LinkSession(
            new LinkId(2), isInitiator: true, null, SessionScene.KeysOf("this end"), alice.Services, new SessionScene(alice), new Instant(0));
        session.HandleDeadline(new Instant(9_999_999));
        session.IsClosed.ShouldBeFalse();
        session.HandleDeadline(new Instant(10_000_000));
        session.IsClosed.ShouldBeTrue();
        alice.Hits("bound.handshake.time").ShouldBe(1);
    }

    private ReplicaDevice Alice(int channels = Limits.ConversationChannels)
    {
        var alice = new ReplicaDevice("alice", new NodeCoreOptions { Bounds = EngineBounds.Default with { Channels = channels } });
        ReplicaDevice.Group(alice, _mallory);
        return alice;
    }

    /// <summary>Another group on the same device, with Mallory in it.</summary>
    private Replica NewGroup(ReplicaDevice alice, uint number)
    {
        var body = new GenesisBody { Name = $"group {number}" };
        foreach (var member in new[] { alice, _mallory })
        {
            body.Members.Add(new GenesisMember
            {
                Identity = ReplicaDevice.Bytes(member.Identity.ToArray()),
                Role = (uint)(member == alice ? Role.Owner : Role.Member),
                Cards = { ReplicaDevice.Bytes(member.Card.Encode()) },
            });
        }

        var group = Replica.CreateGroup(number, body, alice.Services, alice, alice.Now);
        group.Flush();
        alice.Persist();
        group.Settled(group.LastArrival, group.LastCursor);
        group.IsKept.ShouldBeTrue();
        return group;
    }

    private void FillWithKnocks(SessionScene scene, int count)
    {
        scene.Accepted.AddRange(Enumerable.Range(0, count).Select(i => InviteOf(_mallory, $"{i}")));
        foreach (var invite in scene.Accepted)
        {
            scene.Session.Knock(invite, scene.Now);
        }

        scene.Run();
    }

    private static Invite InviteOf(ReplicaDevice issuer, string secret) =>
        Invite.From(issuer.Card, TestKeys.Named(secret), ReplicaDevice.WallAtZero + 1_000_000_000, []);

    private static byte[] NameOf(SessionScene scene, Invite invite) =>
        ChannelSecrets.InviteChannel(TestKeys.Sodium, scene.HandshakeHash.Span, invite.Id(TestKeys.Sodium));
}
