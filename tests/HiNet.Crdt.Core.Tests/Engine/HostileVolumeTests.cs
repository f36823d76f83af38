using Google.Protobuf;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Engine.Meeting;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>What a member can make a node keep and look at grows no faster than what they send, and is bounded in all.</summary>
public sealed class HostileVolumeTests
{
    private static int s_keys;

    [Fact]
    public void Heads_that_all_name_a_chain_that_waits_have_each_of_its_entries_looked_at_once()
    {
        var scene = new HostileScene();
        var mallory = scene.Mallory;
        var peer = mallory.Link(scene.Alice);
        var (written, ids) = (new List<Entry>(), new List<EntryId>());
        for (var i = 0; i < 512; i++)
        {
            var draft = mallory.Draft(EntryKind.Message, [mallory.Head!.Value]);
            var hlc = HybridTimestamp.FromMilliseconds(scene.World.Wall + 3_600_000 + i);
            var entry = mallory.Write(draft with { Hlc = hlc, Parents = [.. ids.TakeLast(16).SkipLast(1).Order()] }, new MessageBody { Text = "x" });
            ids.Add(entry.Id);
            written.Add(entry);
        }

        foreach (var some in written.Chunk(64))
        {
            peer.Send(mallory.Sign(some));
        }

        scene.Alice.Reader.StatusOf(scene.Group).Parked.ShouldBe(512);
        var few = StepsOf(500);
        var many = StepsOf(4_000);
        (many - few).ShouldBeLessThan(3_500 * 4, "a few looks a head, however much waits behind it");

        long StepsOf(int heads)
        {
            var bytes = Frontier.From(Enumerable.Range(0, heads).Select(i => new FrontierHead(TestKeys.Device($"made up {i}"), 7, mallory.Head!.Value))).Encode();
            var before = scene.Alice.Core.Cost.Steps;
            peer.Send(HostilePeer.FrontierType, bytes);
            return scene.Alice.Core.Cost.Steps - before;
        }
    }

    [Fact]
    public void A_run_that_came_in_two_messages_and_is_too_long_for_one_goes_out_with_bodies_that_are_asked_for()
    {
        var scene = new HostileScene();
        var mallory = scene.Mallory;
        scene.World.Unlink(scene.Alice, scene.Bob);
        var peer = mallory.Link(scene.Alice);
        while (mallory.HeaderOf(mallory.Head!.Value).Seq % 64 != 0)
        {
            peer.Send(mallory.Sign(mallory.Say("pad")));
        }

        var entries = Enumerable.Range(0, 64).Select(_ => mallory.WriteSealed(mallory.Draft(), new byte[EntryLimits.MaxBodyBytes])).ToArray();
        var signed = mallory.Sign(entries);
        foreach (var isFirst in (bool[])[true, false])
        {
            peer.Send(signed with { Entries = [.. entries.Select((entry, i) => i < 58 == isFirst ? entry : entry.WithBody(null))] });
            scene.World.Pass(TimeSpan.FromSeconds(1));
        }

        scene.Alice.Hits("content.body.filled").ShouldBe(6);
        peer.Unlink();
        scene.World.Link(scene.Alice, scene.Bob);
        scene.World.Pass(TimeSpan.FromSeconds(30));
        scene.Bob.Reader.StatusOf(scene.Group).StateHash.ShouldBe(scene.Alice.Reader.StatusOf(scene.Group).StateHash);
        scene.Bob.Hits("content.body.filled").ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_pull_that_says_nothing_new_looks_at_no_head_again()
    {
        var scene = new HostileScene();
        var peer = scene.Mallory.Link(scene.Alice);
        var devices = Enumerable.Range(0, 16_000).Select(i => TestKeys.Device($"made up {i}")).ToList();
        peer.Send(HostilePeer.FrontierType, Frontier.From(devices.Select(device => new FrontierHead(device, 7, TestKeys.Entry("head")))).Encode());
        var pull = new Pull();
        pull.ForkedDevices.AddRange(devices.Select(device => ByteString.CopyFrom(device.ToArray())));
        peer.Send(HostilePeer.PullType, pull.ToByteArray());
        Pull();
        var before = scene.Alice.Core.Cost.Steps;
        for (var i = 0; i < 20; i++)
        {
            Pull();
        }

        (scene.Alice.Core.Cost.Steps - before).ShouldBeLessThan(20 * 200);

        void Pull()
        {
            peer.Send(HostilePeer.ConsumedType, new Consumed { Bytes = 1 << 30 }.ToByteArray());
            peer.Send(HostilePeer.PullType, []);
        }
    }

    [Fact]
    public void Devices_that_never_were_take_no_more_room_on_many_links_than_there_is_in_all()
    {
        var scene = new HostileScene();
        var devices = Enumerable.Range(0, 65_536).Select(i => TestKeys.Device($"made up {i}")).ToList();
        var frontier = Frontier.From(devices.Select(device => new FrontierHead(device, 7, TestKeys.Entry("head")))).Encode();
        var before = scene.Alice.Core.KeptBytes;
        for (var i = 0; i < 8; i++)
        {
            scene.Mallory.Link(scene.Alice).Send(HostilePeer.FrontierType, frontier);
        }

        (scene.Alice.Core.KeptBytes - before).ShouldBeInRange(1, Limits.RememberedBytes + (1 << 20));
    }

    [Fact]
    public void Newest_entries_of_many_conversations_take_no_more_room_than_there_is_in_all()
    {
        var world = new LoopbackWorld();
        var options = new NodeCoreOptions { Bounds = new EngineBounds { NewestBytes = 1 << 20 } };
        var alice = world.Add("alice", options);
        var node = world.Befriend(alice, "mallory");
        var groups = Enumerable.Range(0, 6).Select(i => alice.Group($"g{i}", node)).ToList();
        world.Pass(TimeSpan.FromSeconds(20));
        groups.ForEach(group => node.Send(group, "hi"));
        world.Pass(TimeSpan.FromSeconds(20));
        world.Unlink(alice, node);
        world.Nodes.Remove(node);
        var before = alice.Core.KeptBytes;
        foreach (var group in groups)
        {
            var mallory = new HostileMember(world, node, group);
            var peer = mallory.Link(alice);
            for (var i = 0; i < 8; i++)
            {
                peer.Send(mallory.Sign(mallory.WriteSealed(mallory.Draft(), new byte[130_000])));
            }

            peer.Unlink();
            (alice.Core.KeptBytes - before).ShouldBeLessThan((1 << 20) + (64 << 10), "of each conversation 256 KiB, of all a MiB");
        }
    }

    [Fact]
    public void Secrets_of_epochs_that_never_were_are_kept_up_to_1024_of_an_inviter()
    {
        var world = new LoopbackWorld();
        var bob = world.Add("bob");
        var node = world.Befriend(bob, "eve");
        var direct = node.Direct(bob);
        node.Send(direct, "hello");
        var group = node.Group("g", bob);
        world.Pass(TimeSpan.FromSeconds(10));
        world.Unlink(bob, node);
        world.Nodes.Remove(node);
        var key = new HostileMember(world, node, group).ControlKey;
        var (eve, before) = (new HostileMember(world, node, direct), Rows());
        for (var i = 0; i < 4; i++)
        {
            var body = new GroupInvitationBody { Group = ByteString.CopyFrom(group.ToArray()), ControlKey = ByteString.CopyFrom(key), Grant = ByteString.CopyFrom(group.ToArray()) };
            body.Epochs.AddRange(Enumerable.Range(0, 700).Select(_ => new EpochSecretBody
            {
                Epoch = ByteString.CopyFrom(TestKeys.Named($"epoch {s_keys++}").ToArray()),
                Secret = ByteString.CopyFrom(TestKeys.Named("secret").ToArray()),
            }));
            eve.Give(bob, eve.Sign(eve.Write(eve.Draft(EntryKind.GroupInvitation), body)));
        }

        (Rows() - before).ShouldBe(1_024);
        bob.Restart();
        (Rows() - before).ShouldBe(1_024);

        int Rows()
        {
            var count = 0;
            using var iterator = bob.Store.Scan(ColumnFamily.Secrets, "h"u8, "i"u8);
            while (iterator.MoveNext())
            {
                count++;
            }

            return count;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_wrong_secret_of_the_newest_epoch_keeps_the_right_one_out_of_nothing(bool isAttacked)
    {
        var world = new LoopbackWorld();
        var bob = world.Add("bob", new NodeCoreOptions { UsesLan = true });
        var (alice, eve) = (world.Befriend(bob, "alice"), world.Befriend(bob, "eve"));
        LoopbackScenes.Introduce(eve, alice);
        world.Link(alice, eve);
        var (ofAlice, ofEve) = (alice.Direct(bob), eve.Direct(bob));
        alice.Send(ofAlice, "hi");
        eve.Send(ofEve, "hi");
        world.Pass(TimeSpan.FromSeconds(10));
        world.Unlink(alice, bob);
        world.Unlink(eve, bob);
        var group = alice.Group("team", eve);
        alice.Send(group, "one");
        world.Pass(TimeSpan.FromSeconds(10));
        alice.Do(new NodeCommand.AddMember(group, bob.Identity)).ShouldBeOfType<NodeResult.Written>();
        alice.Send(group, "two");
        world.Pass(TimeSpan.FromSeconds(10));
        var member = new HostileMember(world, eve, group);
        if (isAttacked)
        {
            var by = new HostileMember(world, eve, ofEve);
            var body = new GroupInvitationBody { Group = ByteString.CopyFrom(group.ToArray()), ControlKey = ByteString.CopyFrom(member.ControlKey), Grant = ByteString.CopyFrom(TestKeys.Named("a grant").ToArray()) };
            body.Epochs.Add(new EpochSecretBody { Epoch = ByteString.CopyFrom(member.Epoch.ToArray()), Secret = ByteString.CopyFrom(TestKeys.Named("wrong").ToArray()) });
            by.Give(bob, by.Sign(by.Write(by.Draft(EntryKind.GroupInvitation), body)));
        }

        var inviter = new HostileMember(world, alice, ofAlice);
        inviter.Give(bob, inviter.Everything());
        var topic = Topics.OfEpoch(group, new Bytes32(member.EpochSecret)).Lan().Id;
        bob.Recognised.ShouldContain(secret => secret.Id == topic);
        bob.Restart();
        bob.Recognised.ShouldContain(secret => secret.Id == topic);
        world.Link(alice, bob);
        world.Pass(TimeSpan.FromSeconds(20));
        bob.Texts(group).ShouldBe(["one", "two"]);
    }

    [Fact]
    public void Epochs_that_open_for_nobody_are_not_looked_for_when_a_channel_opens()
    {
        var scene = new HostileScene();
        var mallory = scene.Mallory;
        var before = StepsOfALink();
        List<Entry> written = [];
        for (var i = 0; i < 512; i++)
        {
            written.Add(mallory.Write(mallory.Draft(EntryKind.Epoch, [mallory.Head!.Value]), new EpochBody
            {
                Ephemeral = ByteString.CopyFrom(TestKeys.Named($"ephemeral {i}").ToArray()),
                Boxes = ByteString.CopyFrom(new byte[3 * EpochBox.Size]),
                Commitment = ByteString.CopyFrom(TestKeys.Named("a secret").ToArray()),
            }));
        }

        var peer = mallory.Link(scene.Alice);
        foreach (var some in written.Chunk(64))
        {
            peer.Send(mallory.Sign(some));
        }

        peer.Unlink();
        StepsOfALink().ShouldBeLessThan(before + 256);

        long StepsOfALink()
        {
            var steps = scene.Alice.Core.Cost.Steps;
            mallory.Link(scene.Alice).Unlink();
            return scene.Alice.Core.Cost.Steps - steps;
        }
    }
}
