using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;
using static HiNet.Crdt.Core.Tests.Engine.HostilePeer;
using static HiNet.Crdt.Core.Tests.Engine.Sessions.ChannelScene;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>What goes out to whom, and what waits for room.</summary>
public sealed class ConversationChannelTransferTests
{
    [Fact]
    public void What_is_new_goes_out_once_and_is_counted()
    {
        var scene = new ChannelScene();
        var peer = scene.Mallory.Link(scene.Alice);
        var before = scene.Alice.Counts.GetValueOrDefault("hinet.sync.segments.sent");
        var first = scene.Alice.Send(scene.Group, "first");
        scene.Sent(peer).ShouldBe([first]);
        (scene.Alice.Counts["hinet.sync.segments.sent"] - before).ShouldBe(1);
        scene.Pass(60, peer);
        scene.Sent(peer).ShouldBe([first]);
        Count(peer, CaughtUpType).ShouldBe(0);
    }

    [Fact]
    public void What_a_peer_brought_does_not_come_back_to_it()
    {
        var scene = new ChannelScene();
        var (one, other) = (scene.Mallory.Link(scene.Alice), scene.Bob.Link(scene.Alice));
        var entry = scene.Mallory.Say("by mallory");
        one.Send(scene.Mallory.Sign(entry));
        scene.Sent(one).ShouldBeEmpty();
        scene.Sent(other).ShouldBe([entry.Id]);
    }

    [Fact]
    public void Who_asks_gets_what_it_lacks_and_then_once_that_this_was_all()
    {
        var scene = new ChannelScene();
        var peer = scene.Mallory.Link(scene.Alice);
        peer.Send(PullType, []);
        scene.Sent(peer).Count.ShouldBe((int)scene.Alice.Reader.StatusOf(scene.Group).Entries);
        peer.Received[^1].Type.ShouldBe(CaughtUpType);
        CaughtUp.Parser.ParseFrom(peer.Received[^1].Payload).Digest.ToByteArray()
            .ShouldBe(scene.Frontier.Digest(LoopbackNode.Cryptography).ToArray());
        scene.Alice.Send(scene.Group, "later");
        Count(peer, CaughtUpType).ShouldBe(1);
        peer.Received[^1].Type.ShouldBe(SegmentsType);
    }

    [Fact]
    public void Who_holds_all_and_asks_gets_nothing_but_the_word_that_this_was_all()
    {
        var scene = new ChannelScene();
        var peer = scene.Mallory.Link(scene.Alice);
        peer.Send(FrontierType, scene.Frontier.Encode());
        peer.Send(PullType, []);
        scene.Sent(peer).ShouldBeEmpty();
        Count(peer, CaughtUpType).ShouldBe(1);
    }

    [Theory]
    [InlineData(SummaryType)]
    [InlineData(FrontierType)]
    public void What_is_under_way_is_not_sent_again_to_who_asks(int type)
    {
        var scene = new ChannelScene();
        var peer = scene.Mallory.Link(scene.Alice);
        peer.Send(type, type == SummaryType ? scene.Summary : scene.Frontier.Encode());
        var under = scene.Alice.Send(scene.Group, "under way");
        peer.Send(PullType, []);
        scene.Sent(peer).ShouldBe([under]);

        // Once it has arrived, the frontier says what is there; who asks again within a second is answered after it.
        peer.Send(ConsumedType, ConsumedOf(1_000_000));
        peer.Send(FrontierType, scene.Frontier.Encode());
        peer.Send(PullType, []);
        peer.Send(PullType, []);
        Count(peer, CaughtUpType).ShouldBe(1);
        scene.World.Pass(TimeSpan.FromSeconds(1.1));
        scene.Sent(peer).ShouldBe([under]);
        Count(peer, CaughtUpType).ShouldBe(2);
    }

    [Fact]
    public void The_chain_of_a_device_that_has_forked_there_comes_whole()
    {
        var scene = new ChannelScene();
        var peer = scene.Mallory.Link(scene.Alice);
        peer.Send(FrontierType, LongerElsewhere(scene));
        var own = scene.Frontier.Heads.Single(head => head.Device == scene.Alice.Secrets.Device);
        peer.Send(PullType, PullOf([1, 2, 3], own.Device.ToArray()));
        scene.Sent(peer).Count.ShouldBe((int)own.Seq + 1);
        peer.IsShutOut.ShouldBeFalse();
    }

    [Fact]
    public void Of_a_device_that_has_forked_nothing_comes_again_that_a_common_head_tells_of()
    {
        var scene = new ChannelScene();
        var peer = scene.Mallory.Link(scene.Alice);
        peer.Send(FrontierType, scene.Frontier.Encode());
        peer.Send(PullType, PullOf(scene.Alice.Secrets.Device.ToArray()));
        scene.Sent(peer).ShouldBeEmpty();
        Count(peer, CaughtUpType).ShouldBe(1);
    }

    /// <summary>Alice's device seems to be further there, on a branch that she has not.</summary>
    private static byte[] LongerElsewhere(ChannelScene scene) => Frontier.From(scene.Frontier.Heads.Select(head =>
        head.Device == scene.Alice.Secrets.Device ? head with { Seq = head.Seq + 9, Head = TestKeys.Entry("another branch") } : head)).Encode();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Only_so_many_devices_that_have_forked_are_listened_to(bool isFirst)
    {
        var scene = new ChannelScene();
        var peer = scene.Mallory.Link(scene.Alice);
        peer.Send(FrontierType, LongerElsewhere(scene));
        var junk = Enumerable.Range(0, Limits.RemoteDevices).Select(i => (byte[])[.. BitConverter.GetBytes(i), .. new byte[28]]);
        var own = scene.Alice.Secrets.Device.ToArray();
        peer.Send(PullType, PullOf(isFirst ? [own, .. junk] : [.. junk, own]));
        scene.Sent(peer).Count.ShouldBe(isFirst ? (int)scene.Frontier.Heads.Single(head => head.Device == scene.Alice.Secrets.Device).Seq + 1 : 0);
        Count(peer, CaughtUpType).ShouldBe(1);
    }

    [Fact]
    public void A_window_that_is_full_holds_back_what_comes_next_until_it_is_consumed()
    {
        var scene = Narrow(window: 1);
        var peer = scene.Mallory.Link(scene.Alice);
        var first = scene.Alice.Send(scene.Group, "first");
        var second = scene.Alice.Send(scene.Group, "second");
        scene.Sent(peer).ShouldBe([first]);
        scene.Alice.Hits("bound.segment.window").ShouldBeGreaterThan(0);

        // More than what is under way counts as all of it.
        peer.Send(ConsumedType, ConsumedOf(1_000_000));
        scene.Sent(peer).ShouldBe([first, second]);
        var third = scene.Alice.Send(scene.Group, "third");
        scene.Sent(peer).ShouldBe([first, second]);
        peer.Send(ConsumedType, ConsumedOf(ulong.MaxValue));
        scene.Sent(peer).ShouldBe([first, second, third]);
    }

    [Fact]
    public void A_window_with_a_byte_left_takes_a_message_and_an_exhausted_one_none()
    {
        var scene = new ChannelScene();
        var peer = scene.Mallory.Link(scene.Alice);
        scene.Alice.Send(scene.Group, "12345");
        var length = peer.Received.Single(message => message.Type == SegmentsType).Payload.Length;
        foreach (var (window, sent) in new[] { (length, 1), (length + 1, 2) })
        {
            var other = Narrow(window);
            peer = other.Mallory.Link(other.Alice);
            other.Alice.Send(other.Group, "12345");
            peer.Received.Single(message => message.Type == SegmentsType).Payload.Length.ShouldBe(length);
            var before = other.Alice.Hits("bound.segment.window");
            other.Alice.Send(other.Group, "67890");
            other.Sent(peer).Count.ShouldBe(sent);
            (other.Alice.Hits("bound.segment.window") > before).ShouldBe(sent == 1);
        }
    }

    [Fact]
    public void That_it_was_all_is_said_behind_the_last_that_waited_for_the_window()
    {
        var scene = Narrow(window: 1, horizon: 3);
        var peer = scene.Mallory.Link(scene.Alice);
        peer.Send(PullType, []);
        for (var i = 0; i < 50 && Count(peer, CaughtUpType) == 0; i++)
        {
            scene.Sent(peer).Count.ShouldBeLessThan((int)scene.Alice.Reader.StatusOf(scene.Group).Entries + (i > 0 ? 1 : 0));
            peer.Send(ConsumedType, ConsumedOf(1_000_000));
        }

        Count(peer, CaughtUpType).ShouldBe(1);
        scene.Sent(peer).Distinct().Count().ShouldBe((int)scene.Alice.Reader.StatusOf(scene.Group).Entries);
        peer.Received[^1].Type.ShouldBe(CaughtUpType);
    }

    [Fact]
    public void Nothing_is_consumed_before_it_was_checked_and_nothing_is_said_of_nothing()
    {
        var scene = new ChannelScene();
        var (peer, other) = (scene.Mallory.Link(scene.Alice), scene.Bob.Link(scene.Alice));
        scene.Alice.HoldChecks = true;
        var segments = Segments(scene.Mallory.Sign(scene.Mallory.Say("one")), scene.Mallory.Sign(scene.Mallory.Say("two")));
        peer.Send(SegmentsType, segments);
        scene.Alice.Send(scene.Group, "meanwhile");
        Count(peer, ConsumedType).ShouldBe(0);
        scene.Alice.ReleaseChecks();
        scene.World.Run();
        var consumed = peer.Received.Where(message => message.Type == ConsumedType).ToList();
        consumed.Select(message => Consumed.Parser.ParseFrom(message.Payload).Bytes).ShouldBe([(ulong)segments.Length]);
        scene.Alice.Send(scene.Group, "afterwards");
        Count(peer, ConsumedType).ShouldBe(1);
        Count(other, ConsumedType).ShouldBe(0);
    }

    [Fact]
    public void A_frontier_and_a_pull_that_a_full_link_has_no_room_for_go_out_in_turn_when_it_has_some()
    {
        var scene = new ChannelScene(new NodeCoreOptions { LinkWindowBytes = 200 });
        var peer = scene.Mallory.Link(scene.Alice);
        scene.Alice.HoldProgress = true;
        var first = scene.Alice.Send(scene.Group, "fills the link");
        scene.Sent(peer).ShouldBe([first]);
        var before = peer.Received.Count;
        peer.Send(FrontierType, scene.More);
        var second = scene.Alice.Send(scene.Group, "waits");
        peer.Received.Count.ShouldBe(before);

        scene.Alice.ReleaseProgress();
        scene.World.Run();
        peer.Received.Skip(before).Select(message => message.Type).ShouldBe([FrontierType, PullType, SegmentsType], ignoreOrder: true);
        var types = peer.Received.Skip(before).Select(message => message.Type).ToList();
        types.IndexOf(FrontierType).ShouldBeLessThan(types.IndexOf(PullType));
        scene.Sent(peer).ShouldBe([first, second]);
        scene.Alice.Counts["hinet.sync.segments.sent"].ShouldBeGreaterThanOrEqualTo(2);

        // Each was owed once.
        scene.Alice.Send(scene.Group, "goes on");
        scene.World.Run();
        Count(peer, PullType).ShouldBe(1);
        peer.Received.Skip(before).Count(message => message.Type == FrontierType).ShouldBe(1);
    }

    [Fact]
    public void Conversations_take_turns_on_a_link_that_has_little_room()
    {
        var world = new LoopbackWorld();
        var alice = world.Add("alice");
        var bob = world.Add("bob");
        alice.Options = new NodeCoreOptions { LinkWindowBytes = 300 };
        alice.Restart();
        LoopbackScenes.Introduce(alice, bob);
        world.Link(bob, alice);
        ConversationId[] groups = [.. Enumerable.Range(0, 4).Select(i => alice.Group($"group {i}", bob))];
        world.Pass(TimeSpan.FromSeconds(10));
        alice.HoldProgress = true;
        foreach (var group in groups)
        {
            alice.Send(group, "hello");
        }

        groups.Count(group => bob.Texts(group).Count == 1).ShouldBeLessThan(groups.Length);
        alice.ReleaseProgress();
        world.Run();
        groups.ShouldAllBe(group => bob.Texts(group).Count == 1);
        alice.Hits("link.turns").ShouldBeGreaterThan(0);
    }

    [Fact]
    public void What_a_channel_keeps_grows_with_the_heads_of_a_frontier()
    {
        const int Heads = 2_000;
        var scene = new ChannelScene();
        var peer = scene.Mallory.Link(scene.Alice);
        var before = scene.Alice.Core.KeptBytes;
        peer.Send(FrontierType, scene.Beside([.. Enumerable.Range(0, Heads)
            .Select(i => new FrontierHead(TestKeys.Device($"{i}"), 1, TestKeys.Entry($"{i}")))]));
        (scene.Alice.Core.KeptBytes - before).ShouldBeInRange(Heads * 72, (Heads * 72) + Heads - 1);
    }

    private static ChannelScene Narrow(int window, int horizon = Limits.SegmentHorizon) => new(new NodeCoreOptions
    {
        Bounds = EngineBounds.Default with { SegmentWindowBytes = window, SegmentHorizon = horizon },
    });

    private static int Count(HostilePeer peer, int type) => peer.Received.Count(message => message.Type == type);
}
