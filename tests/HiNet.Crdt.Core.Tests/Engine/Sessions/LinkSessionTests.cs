using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;
using static HiNet.Crdt.Core.Tests.Engine.HostilePeer;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>Which channels a link has, whose it is, and what its end brings about.</summary>
public sealed class LinkSessionTests
{
    private readonly LoopbackWorld _world = new();

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_channel_whose_name_is_none_is_refused(int length)
    {
        var alice = _world.Add("alice");
        var peer = new Opener(_world, alice);
        peer.Open(new byte[length]);
        peer.Rejected.ShouldBe(1);
        peer.IsLinked.ShouldBeTrue();
    }

    [Fact]
    public void A_channel_of_an_unknown_protocol_is_refused_whatever_its_name()
    {
        var (alice, groups) = Founder(new NodeCoreOptions(), 1);
        var peer = new Opener(_world, alice);
        peer.Open(peer.NameOf(groups[0]), "hinet/other/1");
        peer.Rejected.ShouldBe(1);
    }

    [Fact]
    public void A_conversation_that_is_not_durable_yet_is_offered_to_nobody()
    {
        var alice = _world.Add("alice");
        alice.HoldWrites = true;
        alice.Input(new NodeInput.Commanded(1_000, new NodeCommand.CreateGroup("team", [])));
        _world.Run();
        var peer = new Opener(_world, alice);
        peer.Offered.ShouldBeEmpty();
        alice.HoldWrites = false;
        alice.ReleaseWrite();
        _world.Run();
        peer.Offered.Count.ShouldBe(1);
    }

    [Fact]
    public void Conversations_that_find_no_room_are_offered_once_as_others_are_refused()
    {
        var (alice, groups) = Founder(Channels(2), 5);
        var peer = new Opener(_world, alice, isDialled: true);
        peer.Offered.Count.ShouldBe(2);
        alice.Hits("bound.link.channels").ShouldBeGreaterThan(0);
        for (var i = 0; i < 5; i++)
        {
            peer.Offered.Count.ShouldBe(Math.Min(5, i + 2));
            peer.Reject();
        }

        peer.Names.Order().ShouldBe(groups.Select(group => Convert.ToHexString(peer.NameOf(group))).Order());
        _world.Pass(TimeSpan.FromSeconds(20));
        peer.Offered.Count.ShouldBe(5);
    }

    [Fact]
    public void A_stranger_who_links_is_offered_nothing()
    {
        var (alice, groups) = Founder(Channels(10), 5);
        var peer = new Opener(_world, alice);
        peer.Open(peer.NameOf(groups[0]));
        _world.Pass(TimeSpan.FromSeconds(20));
        peer.Offered.ShouldBeEmpty();
        peer.IsLinked.ShouldBeTrue();
    }

    [Fact]
    public void A_conversation_that_the_other_end_wants_and_refuses_is_offered_four_times()
    {
        var (alice, groups) = Founder(Channels(1), 3);
        var peer = new Opener(_world, alice, isDialled: true);
        var open = peer.Names.ShouldHaveSingleItem();
        var wanted = groups.First(group => Convert.ToHexString(peer.NameOf(group)) != open);
        peer.Open(peer.NameOf(wanted));
        peer.Open(peer.NameOf(wanted));
        peer.Rejected.ShouldBe(2);
        for (var i = 0; i < 12 && peer.Waiting > 0; i++)
        {
            peer.Reject();
        }

        var offered = peer.Names.CountBy(name => name).ToDictionary();
        offered.Count.ShouldBe(3);
        offered[Convert.ToHexString(peer.NameOf(wanted))].ShouldBe(4);
        offered.Values.Sum().ShouldBe(2 + 4);
    }

    [Fact]
    public void A_conversation_that_waited_is_opened_when_another_has_ended_or_both_have_the_same()
    {
        var alice = _world.Add("alice");
        var bob = _world.Add("bob");
        alice.Options = Channels(2);
        alice.Restart();
        LoopbackScenes.Introduce(alice, bob);
        _world.Link(bob, alice);
        ConversationId[] groups = [.. Enumerable.Range(0, 4).Select(i => alice.Group($"group {i}", bob))];
        _world.Pass(TimeSpan.FromSeconds(5));
        var open = Links(alice).ShouldHaveSingleItem().Conversations;
        open.Count.ShouldBe(2);
        groups.ShouldAllBe(group => bob.Reader.KindOf(group) != null);
        var left = open.First(groups.Contains);
        bob.Do(new NodeCommand.Leave(left)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(TimeSpan.FromSeconds(5));
        var now = Links(alice).ShouldHaveSingleItem().Conversations;
        now.Count.ShouldBeLessThanOrEqualTo(2);
        now.ShouldNotContain(left);
    }

    [Fact]
    public void A_link_tells_whose_it_is_once_their_device_has_been_proved()
    {
        var scene = new ChannelScene();
        var peer = scene.Mallory.Link(scene.Alice);
        var link = Links(scene.Alice).ShouldHaveSingleItem();
        link.Identity.ShouldBe(scene.Mallory.Secrets.Identity);
        link.Conversations.ShouldBe([scene.Group]);
        peer.Unlink();
        Links(scene.Alice).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_is_asked_and_goes_away_leaves_the_question_to_the_next(bool unlinks)
    {
        var scene = new ChannelScene();
        var (one, other) = (scene.Mallory.Link(scene.Alice), scene.Bob.Link(scene.Alice));
        one.Send(FrontierType, scene.More);
        other.Send(FrontierType, scene.More);
        other.Received.ShouldNotContain(message => message.Type == PullType);
        if (unlinks)
        {
            one.Unlink();
        }
        else
        {
            one.Send(FrontierType, [0xff]);
        }

        other.Received.Count(message => message.Type == PullType).ShouldBe(1);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(0L, true)]
    [InlineData(1L, false)]
    public void Another_device_of_ones_own_counts_among_the_clocks_only_when_it_has_one(long? clock, bool isCorrected)
    {
        // Two members are ten minutes ahead; one's own other device is at the beginning of time.
        var scene = new ChannelScene();
        if (clock is { } reading)
        {
            Clocked(scene, scene.Alice.Secrets, reading);
        }

        var ahead = scene.World.Wall + (long)TimeSpan.FromMinutes(10).TotalMilliseconds;
        Clocked(scene, scene.Mallory.Secrets, ahead);
        Clocked(scene, scene.Bob.Secrets, ahead);
        scene.Alice.Events.OfType<ClockCorrected>().Any().ShouldBe(isCorrected);
    }

    [Fact]
    public void A_member_without_a_clock_counts_as_far_behind()
    {
        var scene = new ChannelScene();
        var ahead = scene.World.Wall + (long)TimeSpan.FromMinutes(10).TotalMilliseconds;
        Clocked(scene, scene.Mallory.Secrets, 0);
        Clocked(scene, scene.Alice.Secrets, ahead);
        Clocked(scene, scene.Bob.Secrets, ahead);
        scene.Alice.Events.OfType<ClockCorrected>().ShouldBeEmpty();
    }

    [Fact]
    public void A_link_without_channels_gives_way_when_it_has_been_idle_for_a_while_and_not_before()
    {
        var alice = _world.Add("alice");
        alice.Options = new NodeCoreOptions { Bounds = EngineBounds.Default with { Links = 4 } };
        alice.Restart();
        _world.Link(alice, _world.Add("one"), "one:1");
        _world.Link(alice, _world.Add("other"), "other:1");
        _world.Link(alice, _world.Add("third"), "third:1");
        _world.Pass(TimeSpan.FromMinutes(1));
        var first = new Opener(_world, alice);
        _world.Pass(Limits.IdleLink - TimeSpan.FromSeconds(1));
        new Opener(_world, alice).IsLinked.ShouldBeFalse();
        first.IsLinked.ShouldBeTrue();
        _world.Pass(TimeSpan.FromSeconds(1));
        new Opener(_world, alice).IsLinked.ShouldBeTrue();
        first.IsLinked.ShouldBeFalse();
    }

    [Fact]
    public void Each_channel_is_asked_when_it_is_due()
    {
        var scene = new ChannelScene();
        var without = Asked(scene.Alice);
        var one = scene.Mallory.Link(scene.Alice);
        var channels = scene.Alice.Core.CostInput.Channels;
        channels.ShouldBeGreaterThan(1);
        (Asked(scene.Alice) - without).ShouldBe(2, "the link, and that of its channels which is ready");
        one.Unlink();
        Asked(scene.Alice).ShouldBe(without);
    }

    private static long Asked(LoopbackNode node)
    {
        var before = node.Core.Cost[CostKind.Deadline];
        _ = node.Core.Deadline;
        return node.Core.Cost[CostKind.Deadline] - before;
    }

    private static void Clocked(ChannelScene scene, HomeSecrets secrets, long clock)
    {
        var peer = new HostilePeer(scene.World, secrets, scene.Alice, scene.Group, scene.Mallory.ControlKey)
        {
            Forge = prove => prove.Clock = (ulong)clock,
        }.Link();
        peer.IsOpen.ShouldBeTrue();
    }

    private static NodeCoreOptions Channels(int count) => new() { Bounds = EngineBounds.Default with { Channels = count } };

    private static IReadOnlyList<LinkSummary> Links(LoopbackNode node) =>
        node.Do(new NodeCommand.ListLinks()).ShouldBeOfType<NodeResult.Linked>().Links;

    private (LoopbackNode Alice, ConversationId[] Groups) Founder(NodeCoreOptions options, int groups)
    {
        var alice = _world.Add("alice");
        alice.Options = options;
        alice.Restart();
        return (alice, [.. Enumerable.Range(0, groups).Select(i => alice.Group($"group {i}"))]);
    }

    /// <summary>The other end of a link, which opens and refuses channels by hand and says nothing on any.</summary>
    private sealed class Opener : IEffectSink<LinkEffect>
    {
        private readonly LoopbackWorld _world;
        private readonly LoopbackNode _victim;
        private readonly LinkId _link;
        private readonly Queue<LinkChannel> _waiting = [];
        private ReadOnlyMemory<byte> _hash;

        public Opener(LoopbackWorld world, LoopbackNode victim, bool isDialled = false)
        {
            (_world, _victim, _link) = (world, victim, world.NextLink());
            var keys = NodeKeyPair.FromSeed(LoopbackNode.Cryptography, BitConverter.GetBytes(_link.Value).Concat(new byte[24]).ToArray());
            Machine = new LinkMachine(LoopbackNode.Cryptography, keys, isInitiator: !isDialled, LinkOptions.Default, world.Now);
            victim.Ends[_link] = new LoopbackEnd(
                null, bytes => world.Enqueue(() => Machine.Receive(bytes, world.Now, this)), _ => world.Enqueue(() => Machine.EndStream(this)));
            victim.Input(new NodeInput.LinkOpened(_link, isDialled, isDialled ? "opener:1" : null));
            Machine.Start(world.Now, this);
            world.Run();
        }

        public LinkMachine Machine { get; }

        /// <summary>Channels that the victim opened, in order.</summary>
        public List<LinkChannel> Offered { get; } = [];

        public IEnumerable<string> Names => Offered.Select(channel => Convert.ToHexString(channel.Id.Span));

        public int Waiting => _waiting.Count;

        public int Rejected { get; private set; }

        public bool IsLinked => _victim.Ends.ContainsKey(_link);

        public byte[] NameOf(ConversationId conversation) => ChannelSecrets.ConversationChannel(LoopbackNode.Cryptography, _hash.Span, conversation);

        public void Open(byte[] name, string protocol = ChannelSecrets.ConversationProtocol)
        {
            Machine.Open(protocol, name, [], _world.Now, this);
            _world.Run();
        }

        /// <summary>Refuses the channel that has waited the longest.</summary>
        public void Reject()
        {
            if (_waiting.TryDequeue(out var channel))
            {
                Machine.Reject(channel, _world.Now, this);
            }

            _world.Run();
        }

        public void Add(LinkEffect effect)
        {
            switch (effect)
            {
                case LinkEffect.SendBytes send:
                    _victim.Input(new NodeInput.BytesReceived(_link, send.Bytes.ToArray()));
                    break;
                case LinkEffect.LinkEstablished established:
                    _hash = established.HandshakeHash;
                    break;
                case LinkEffect.ChannelRequested requested:
                    Offered.Add(requested.Channel);
                    _waiting.Enqueue(requested.Channel);
                    break;
                case LinkEffect.ChannelRejected:
                    Rejected++;
                    break;
                default:
                    break;
            }
        }
    }
}
