using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>What a node writes is permitted by its own past, also where that can name only a few of the heads.</summary>
public sealed class ReplicaAppendTests
{
    private readonly LoopbackWorld _world = new();

    [Fact]
    public void Whoever_was_added_again_can_write_beside_more_heads_than_an_entry_names()
    {
        var alice = _world.Add("alice");
        var bob = _world.Add("bob");
        bob.Options = new NodeCoreOptions { Bounds = EngineBounds.Default with { Parents = 1 } };
        bob.Restart();
        LoopbackScenes.Introduce(alice, bob);
        _world.Link(bob, alice);
        var carol = _world.Befriend(alice, "carol");
        var group = alice.Group("team", bob, carol);
        alice.Send(group, "hello");
        _world.Pass(TimeSpan.FromSeconds(5));

        // Carol's head is older than Bob's second admission, and has his first one in its past and not that he left.
        _world.Unlink(alice, carol);
        carol.Send(group, "beside it all");
        _world.Pass(TimeSpan.FromSeconds(2));
        bob.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(TimeSpan.FromSeconds(2));
        alice.Do(new NodeCommand.AddMember(group, bob.Identity)).ShouldBeOfType<NodeResult.Written>();
        _world.Unlink(alice, bob);
        _world.Link(carol, bob);
        bob.Texts(group).ShouldBe(["hello", "beside it all"]);

        var before = bob.Hits("bound.parents");
        bob.Send(group, "back again");
        bob.Hits("bound.parents").ShouldBeGreaterThan(before);
        _world.Link(bob, alice);
        _world.Link(carol, alice);
        _world.Pass(TimeSpan.FromSeconds(60));
        alice.Texts(group).ShouldBe(["hello", "beside it all", "back again"]);
        LoopbackScenes.ShouldBeEqual(group, alice, bob, carol);
    }

    [Fact]
    public void Whoever_was_taken_in_without_a_device_introduces_it_before_they_write()
    {
        var (alice, bob) = (new ReplicaDevice("alice"), new ReplicaDevice("bob"));
        var dave = new ReplicaDevice("dave");
        ReplicaDevice.Group(alice, bob);
        var grant = alice.Control(
            EntryKind.SetRole, new SetRoleBody { Identity = ReplicaDevice.Bytes(dave.Identity.ToArray()), Role = (uint)Role.Member });
        dave.Join(alice);
        dave.Receive(alice.Everything());
        grant.ShouldNotBeEmpty();
        var written = dave.Delete(TestKeys.Entry("anything")).SelectMany(run => run.Entries).Select(entry => entry.Header.Kind);
        written.ShouldBe([EntryKind.Introduce, EntryKind.Delete]);
        dave.Delete(TestKeys.Entry("another")).Single().Entries.Count.ShouldBe(1);
    }

    [Fact]
    public void Whoever_writes_in_a_direct_conversation_introduces_the_devices_that_are_not_there_once()
    {
        var (alice, bob) = (new ReplicaDevice("alice"), new ReplicaDevice("bob"));
        alice.Create(
            new ConversationDescription(
                new ConversationId(TestKeys.Named("direct")), 7, ConversationKind.Direct, string.Empty, bob.Identity, IsVisible: true),
            TestKeys.Named("direct key").ToArray());
        alice.Replica.FounderCards = [alice.Card];
        alice.Say("hello").SelectMany(run => run.Entries).Select(entry => entry.Header.Kind)
            .ShouldBe([EntryKind.Introduce, EntryKind.Epoch, EntryKind.Message]);
        alice.Replica.FounderCards = [alice.Card, bob.Card];
        alice.Say("hello, Bob").SelectMany(run => run.Entries).Select(entry => entry.Header.Kind)
            .ShouldBe([EntryKind.Introduce, EntryKind.Epoch, EntryKind.Message]);
        var record = alice.Replica.Authority.Devices.Select(device => device.Device);
        record.ShouldBe([alice.Device, bob.Device], ignoreOrder: true);
        alice.Say("again").Single().Entries.Count.ShouldBe(1);
    }

    [Fact]
    public void An_authority_entry_has_every_head_in_its_past_and_another_one_joins_as_few_as_it_may()
    {
        var alice = new ReplicaDevice("alice", new NodeCoreOptions { Bounds = EngineBounds.Default with { Parents = 1 } });
        var (bob, carol, dave) = (new ReplicaDevice("bob"), new ReplicaDevice("carol"), new ReplicaDevice("dave"));
        ReplicaDevice.Group(alice, bob, carol);
        alice.Say("hello");
        alice.Receive([.. bob.Say("one"), .. carol.Say("two")]);
        alice.Delete(TestKeys.Entry("anything")).SelectMany(run => run.Entries).Count().ShouldBe(1);
        Tips(alice).ShouldBe(2);
        alice.Receive([.. bob.Say("three"), .. carol.Say("four")]);
        alice.Grant(dave);
        Tips(alice).ShouldBe(1);
    }

    [Fact]
    public void What_waits_for_an_own_entry_is_applied_once_it_is_written_again()
    {
        var (alice, bob) = (new ReplicaDevice("alice"), new ReplicaDevice("bob"));
        ReplicaDevice.Group(alice, bob);
        var restored = alice.Copied();
        var own = alice.Say("own");
        bob.Receive(own);
        var answer = bob.Say("answer");
        restored.Offer(answer);
        restored.Replica.BufferedCount.ShouldBe(1);
        restored.Say("own")[^1].Last.Id.ShouldBe(own[^1].Last.Id);
        restored.Replica.BufferedCount.ShouldBe(0);
        restored.Offer(bob.Say("another"));
        restored.Replica.Knows(answer[^1].Last.Id).ShouldBeTrue();
    }

    [Fact]
    public void Each_64th_entry_of_a_chain_is_signed_within_a_batch_too()
    {
        var (alice, bob) = (new ReplicaDevice("alice"), new ReplicaDevice("bob"));
        ReplicaDevice.Group(alice, bob);
        bob.Say("0");
        bob.Hits("bound.signed.run").ShouldBe(0);
        for (var i = 1; i < 64; i++)
        {
            bob.Replica.AppendContent(EntryKind.Message, new MessageBody { Text = $"{i}" }, bob.Now);
        }

        bob.Settle().Single().Entries.Count.ShouldBe(63);
        bob.Hits("bound.signed.run").ShouldBe(0);
        bob.Replica.AppendContent(EntryKind.Message, new MessageBody { Text = "64" }, bob.Now);
        bob.Replica.AppendContent(EntryKind.Message, new MessageBody { Text = "65" }, bob.Now);
        bob.Settle().Select(run => run.Entries.Count).ShouldBe([1, 1]);
        bob.Hits("bound.signed.run").ShouldBe(1);
    }

    private static int Tips(ReplicaDevice device)
    {
        device.Store.TryGet(ColumnFamily.Conversations, StoreKeys.Replica(device.Number), out var value).ShouldBeTrue();
        return ReplicaRecord.Parser.ParseFrom(value).Tips.Count;
    }
}
