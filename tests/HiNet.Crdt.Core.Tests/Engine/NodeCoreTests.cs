using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>The machine as its driver sees it.</summary>
public sealed class NodeCoreTests
{
    private readonly LoopbackWorld _world = new();

    [Fact]
    public void All_links_whose_time_has_come_end_in_one_step()
    {
        var node = _world.Add("node");
        for (var i = 0; i < 4; i++)
        {
            var link = _world.NextLink();
            node.Ends[link] = new LoopbackEnd(null, _ => { }, _ => { });
            node.Input(new NodeInput.LinkOpened(link, false, null));
        }

        _world.Run();
        node.Core.HandleDeadline(node.Core.Deadline, node);
        node.Ends.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_parked_is_taken_when_its_time_has_come_though_nothing_else_happens()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        _world.Unlink(alice, bob);
        alice.Skew = (long)TimeSpan.FromHours(1).TotalMilliseconds;
        alice.ReadClock();
        alice.Send(direct, "from the future");
        _world.Link(alice, bob);
        _world.Unlink(alice, bob);
        bob.Reader.StatusOf(direct).Parked.ShouldBeGreaterThan(0);
        _world.Pass(TimeSpan.FromMinutes(54));
        bob.Texts(direct).ShouldBeEmpty();
        _world.Pass(TimeSpan.FromMinutes(2));
        bob.Texts(direct).ShouldBe(["from the future"]);
    }

    [Fact]
    public void A_receipt_is_written_when_it_is_due_though_nothing_else_happens()
    {
        var (alice, bob, direct) = Received();
        _world.Unlink(alice, bob);
        var before = bob.Core.CostInput.Entries;
        bob.Core.Deadline.ShouldBe(_world.Now + bob.Options.ReceiptDelay);
        _world.Pass(bob.Options.ReceiptDelay + TimeSpan.FromMilliseconds(1));
        bob.Core.CostInput.Entries.ShouldBe(before + 1);
        bob.Reader.StatusOf(direct).Entries.ShouldBe(before + 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_node_that_stands_still_writes_nothing_whatever_is_due(bool isStopped)
    {
        var (_, bob, _) = Received();
        if (isStopped)
        {
            bob.Do(new NodeCommand.Stop()).ShouldBeOfType<NodeResult.Done>();
        }
        else
        {
            bob.DiskProblem = "The disk is full: make room and start the node again.";
            bob.Do(new NodeCommand.CreateInvite([])).ShouldBeOfType<NodeResult.Refused>();
        }

        var before = bob.Core.CostInput.Entries;
        bob.Core.HandleDeadline(_world.Now + TimeSpan.FromMinutes(1), bob);
        bob.Core.CostInput.Entries.ShouldBe(before);
    }

    [Theory]
    [InlineData(true, 60_000, 0)]
    [InlineData(true, 10, 1)]
    [InlineData(false, 60_000, 1)]
    public void Who_is_asked_keeps_its_turn_while_what_it_brings_is_applied_and_is_not_little(bool isApplied, int length, int fruitless)
    {
        var scene = new HostileScene();
        var peer = scene.Mallory.Link(scene.Alice);
        var more = new FrontierHead(scene.Mallory.Secrets.Device, 1_000, TestKeys.Entry("more"));
        peer.Send(HostilePeer.FrontierType, Frontier.From([more]).Encode());
        peer.Received.ShouldContain(received => received.Type == HostilePeer.PullType);
        for (var i = 0; i < 4; i++)
        {
            scene.World.Pass(TimeSpan.FromSeconds(5));
            peer.KeepAlive();
            for (var j = 0; j < 6; j++)
            {
                var (head, draft) = (scene.Mallory.Head, scene.Mallory.Draft());
                var body = new MessageBody { Text = new string('x', length) };
                var entry = scene.Mallory.Write(draft with { Depth = draft.Depth + (isApplied ? 0UL : 1_000UL) }, body);
                scene.Mallory.Head = isApplied ? entry.Id : head;
                peer.Send(scene.Mallory.Sign(entry));
            }
        }

        scene.Alice.Hits("sync.pull.fruitless").ShouldBe(fruitless);
    }

    [Fact]
    public void The_result_of_a_check_that_nobody_asked_for_changes_nothing()
    {
        var alice = _world.Add("alice");
        alice.Input(new NodeInput.Verified(77, true));
        _world.Run();
        alice.Send(alice.Direct(alice), "goes on");
    }

    [Fact]
    public void The_keys_of_the_node_of_its_links_and_of_its_dht_are_overwritten_at_the_end()
    {
        var plain = Wiped(new NodeCoreOptions(), links: 0);
        plain.ShouldBeGreaterThan(0);
        Wiped(new NodeCoreOptions(), links: 1).ShouldBeGreaterThan(plain);
        Wiped(new NodeCoreOptions { Dht = new DhtOptions() }, links: 0).ShouldBeGreaterThan(plain);
    }

    [Fact]
    public void The_keys_of_a_link_are_overwritten_when_it_ends()
    {
        var cryptography = new CountedSecrets(77);
        using var core = Create(new NodeCoreOptions(), cryptography);
        core.Handle(new NodeInput.LinkOpened(new LinkId(1), true, null), _world.Now, new Ignored());
        var before = cryptography.Wiped.Count;
        core.Handle(new NodeInput.LinkEnded(new LinkId(1), "the link was cut"), _world.Now, new Ignored());
        cryptography.Wiped.Count.ShouldBeGreaterThan(before);
    }

    /// <summary>Bob has a message of Alice's, which he is about to acknowledge.</summary>
    private (LoopbackNode Alice, LoopbackNode Bob, ConversationId Direct) Received()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        alice.Send(direct, "hello");
        bob.Texts(direct).ShouldBe(["hello"]);
        return (alice, bob, direct);
    }

    /// <summary>How many secrets are overwritten when a node with so many links under way ends.</summary>
    private int Wiped(NodeCoreOptions options, int links)
    {
        var cryptography = new CountedSecrets(77);
        var core = Create(options, cryptography);
        for (var i = 0; i < links; i++)
        {
            core.Handle(new NodeInput.LinkOpened(new LinkId(i), true, null), _world.Now, new Ignored());
        }

        var before = cryptography.Wiped.Count;
        core.Dispose();
        return cryptography.Wiped.Count - before;
    }

    private NodeCore Create(NodeCoreOptions options, CountedSecrets cryptography)
    {
        var core = new NodeCore(options, _world.Add("somebody").Secrets, new MemoryStore(), cryptography, new NoRandom(), Marks.None, _world.Now);
        core.Handle(new NodeInput.WallClockRead(_world.Wall), _world.Now, new Ignored());
        return core;
    }

    private sealed class Ignored : IEffectSink<NodeEffect>
    {
        public void Add(NodeEffect effect)
        {
        }
    }

    private sealed class NoRandom : IRandomSource
    {
        public ulong Draw(RandomStream stream, ulong counter) => 0;
    }
}
