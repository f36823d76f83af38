using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Whoever waits for what makes them a member lets anyone in who has the group's control key. What those cannot do.</summary>
public sealed class HostileReadmissionTests
{
    private readonly ReadmissionScene _scene = new();

    private LoopbackWorld World => _scene.World;

    private LoopbackNode Bob => _scene.Bob;

    private LoopbackNode Carol => _scene.Carol;

    [Fact]
    public void A_stranger_who_promises_entries_and_brings_none_keeps_nobody_from_being_asked()
    {
        _scene.GiveTheInvitationOnly();
        var peer = _scene.Knock(_scene.Stranger("s"));
        peer.Send(HostilePeer.FrontierType, Promise());
        peer.Received.ShouldContain(r => r.Type == HostilePeer.PullType);
        World.Link(Bob, Carol);
        Pass(6, () => peer.Send(HostilePeer.SegmentsType, []), peer);
        LoopbackScenes.ShouldBeEqual(_scene.Group, Carol, Bob);
        peer.IsShutOut.ShouldBeTrue();
    }

    [Fact]
    public void Silent_strangers_do_not_hand_the_turn_to_each_other()
    {
        _scene.GiveTheInvitationOnly();
        var one = _scene.Knock(_scene.Stranger("s"));
        var two = _scene.Knock(_scene.Stranger("t"));
        one.Send(HostilePeer.FrontierType, Promise());
        two.Send(HostilePeer.FrontierType, Promise());
        World.Link(Bob, Carol);
        Pass(8, static () => { }, one, two);
        LoopbackScenes.ShouldBeEqual(_scene.Group, Carol, Bob);
    }

    [Fact]
    public void A_member_who_promises_entries_and_brings_none_keeps_nobody_from_being_asked()
    {
        var scene = new HostileScene();
        scene.World.Unlink(scene.Alice, scene.Bob);
        scene.Alice.Send(scene.Group, "bob shall not have this");
        var peer = scene.Mallory.Link(scene.Bob);
        peer.Send(HostilePeer.FrontierType, Frontier.From([new FrontierHead(scene.Alice.Secrets.Device, 1_000, Support.TestKeys.Entry("never was"))]).Encode());
        scene.World.Link(scene.Alice, scene.Bob);
        for (var i = 0; i < 6; i++)
        {
            scene.World.Pass(TimeSpan.FromSeconds(10));
            peer.Send(HostilePeer.SegmentsType, []);
            peer.KeepAlive();
        }

        scene.Bob.Texts(scene.Group).ShouldContain("bob shall not have this");
    }

    [Fact]
    public void Clocks_of_strangers_do_not_count()
    {
        _scene.GiveTheInvitationOnly();
        for (var i = 0; i < 3; i++)
        {
            new HostilePeer(World, _scene.Stranger("s" + i).Secrets, Bob, _scene.Group, _scene.Member(Carol).ControlKey)
            {
                Forge = prove => prove.Clock += (ulong)TimeSpan.FromDays(365).TotalMilliseconds,
            }.Link().IsOpen.ShouldBeTrue();
        }

        Bob.Events.OfType<ClockCorrected>().ShouldBeEmpty();
    }

    [Fact]
    public void Who_has_left_is_no_member_again_before_an_invitation_comes()
    {
        // Alice has what Carol wrote, who adds Dave once more; Carol's invitation comes later.
        var world = new LoopbackWorld();
        var (alice, dave) = world.Contacts("alice", "dave");
        var carol = world.Befriend(alice, "carol");
        LoopbackScenes.Introduce(carol, dave);
        world.Link(dave, carol);
        var group = carol.Group("g", alice, dave);
        world.Pass(TimeSpan.FromSeconds(20));
        dave.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
        world.Pass(TimeSpan.FromSeconds(20));
        world.Unlink(dave, carol);
        carol.Do(new NodeCommand.AddMember(group, dave.Identity)).ShouldBeOfType<NodeResult.Written>();
        world.Pass(TimeSpan.FromSeconds(60));
        LoopbackScenes.ShouldBeEqual(group, alice, carol);
        dave.Reader.MembersOf(group).ShouldNotContain(member => member.Person.Id == dave.Identity);
        world.Link(dave, carol);
        world.Pass(TimeSpan.FromSeconds(20));
        LoopbackScenes.ShouldBeEqual(group, alice, carol, dave);
        dave.Hits("group.invited.again").ShouldBe(1);
        dave.Restart();
        dave.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
        world.Link(dave, carol);
        world.Pass(TimeSpan.FromHours(6));
        dave.Hits("group.invited.again").ShouldBe(1, "an old invitation is no news");
    }

    [Fact]
    public void Who_knows_a_groups_id_alone_invites_nobody_into_it_again()
    {
        var eve = World.Befriend(Bob, "eve");
        var direct = eve.Direct(Bob);
        eve.Send(direct, "hello");
        _scene.Pass();
        World.Unlink(Bob, eve);
        var hand = new HostileMember(World, eve, direct);
        hand.Give(Bob, hand.Sign(hand.Write(hand.Draft(EntryKind.GroupInvitation), new GroupInvitationBody
        {
            Group = ByteString.CopyFrom(_scene.Group.ToArray()),
            ControlKey = ByteString.CopyFrom(new byte[32]),
            Name = "x",
            Grant = ByteString.CopyFrom(Support.TestKeys.Entry("never was").ToArray()),
        })));
        _scene.Pass();
        Bob.Hits("group.invitation.refused").ShouldBe(1);
        Bob.Hits("group.invited.again").ShouldBe(0);
        _scene.Knock(_scene.Stranger("s")).IsShutOut.ShouldBeTrue();
    }

    [Fact]
    public void A_newcomer_whom_somebody_gave_the_beginning_only_still_reaches_the_group()
    {
        var dave = World.Befriend(Carol, "dave");
        var direct = Carol.Direct(dave);
        Carol.Send(direct, "hi dave");
        _scene.Pass();
        World.Unlink(Carol, dave);
        _scene.Add(Carol, dave);
        var hand = new HostileMember(World, Carol, direct);
        hand.Give(dave, hand.Everything());
        _scene.Pass();

        // Alice hands on what was written until Carol left, when Alice herself was the only member.
        var alice = _scene.Member(_scene.Alice);
        var peer = new HostilePeer(World, _scene.Alice.Secrets, dave, _scene.Group, alice.ControlKey).Link();
        foreach (var run in alice.Everything().TakeWhile(run => run.Entries.All(entry => entry.Header.Kind != EntryKind.SetRole))
            .Concat(_scene.Member(Bob).Everything()).Concat(_scene.Member(Carol).Everything().Take(2)))
        {
            peer.Send(run);
        }

        peer.Unlink();
        dave.Reader.StatusOf(_scene.Group).Entries.ShouldBeInRange(1, Carol.Reader.StatusOf(_scene.Group).Entries - 1);
        dave.Restart();
        World.Link(dave, Carol);
        World.Pass(TimeSpan.FromMinutes(2));
        LoopbackScenes.ShouldBeEqual(_scene.Group, Carol, dave);
    }

    [Fact]
    public void A_stranger_who_brings_the_history_is_shut_out_once_it_has_been_judged()
    {
        _scene.GiveTheInvitationOnly();
        var peer = _scene.Knock(_scene.Stranger("s"));
        peer.Send(HostilePeer.FrontierType, Promise());
        peer.Send(_scene.Member(_scene.Alice).Everything());
        peer.Send(_scene.Member(Carol).Everything());
        World.Pass(TimeSpan.FromSeconds(5));
        Bob.Send(_scene.Group, "I am back");
        World.Link(Bob, Carol);
        Pass(4, () => peer.Send(HostilePeer.SegmentsType, []), peer);
        peer.IsShutOut.ShouldBeTrue();
    }

    [Fact]
    public void A_stranger_raises_no_alarm_over_a_state_hash()
    {
        _scene.GiveTheInvitationOnly();
        var peer = _scene.Knock(_scene.Stranger("s"));
        var summary = peer.Received.First(r => r.Type == HostilePeer.SummaryType).Payload;
        summary[16] ^= 1;
        peer.Send(HostilePeer.SummaryType, summary);
        Bob.Events.OfType<DivergenceDetected>().ShouldBeEmpty();
    }

    // An entry that is not there.
    private byte[] Promise() => Frontier.From([new FrontierHead(Carol.Secrets.Device, 1_000, Support.TestKeys.Entry("never was"))]).Encode();

    private void Pass(int times, Action each, params HostilePeer[] peers)
    {
        for (var i = 0; i < times; i++)
        {
            World.Pass(TimeSpan.FromSeconds(10));
            each();
            foreach (var peer in peers)
            {
                peer.KeepAlive();
            }
        }
    }
}
