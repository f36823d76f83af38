using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class DhtNodeTests
{
    [Fact]
    public void Two_nodes_ping_find_put_and_get()
    {
        var network = new TestNetwork();
        var (alice, bob) = (network.Add(1), network.Add(2));
        var pinged = network.Do<DhtResult.Pinged>(alice, new DhtOperation.Ping(bob.Endpoint));
        pinged.Contact.ShouldBe(bob.Contact);
        pinged.RoundTrip.ShouldBe(TimeSpan.FromMilliseconds(20));
        network.Run(TimeSpan.FromSeconds(5));
        network.Do<DhtResult.FoundNodes>(alice, new DhtOperation.FindNode(TestKeys.Named("anywhere"))).Nearest.ShouldBe([bob.Contact]);
        network.Do<DhtResult.FoundNodes>(bob, new DhtOperation.FindNode(TestKeys.Named("anywhere"))).Nearest.ShouldBe([alice.Contact]);

        var slot = TestSlots.Of("here", "writer", 1, network.UnixSeconds + 3600, DhtSlot.MaxSealedBytes);
        var put = network.Do<DhtResult.PutSlot>(alice, new DhtOperation.Put(slot));
        put.Holders.ShouldBe(1);
        put.IsHeldHere.ShouldBeTrue();
        var got = network.Do<DhtResult.FoundSlots>(bob, new DhtOperation.Get(TestKeys.Named("here")));
        got.Slots.Single().Encode().ShouldBe(slot.Encode());
        got.Holders.ShouldBe(1);
    }

    [Fact]
    public void A_lookup_among_300_nodes_finds_the_nearest()
    {
        // Their tables are filled from what all of them know; joining one by one would take three hundred times as long.
        var network = new TestNetwork();
        List<TestNode> nodes = [.. Enumerable.Range(0, 300).Select(index => network.Add(index))];
        List<DhtPeer> peers = [.. nodes.Select(node => DhtPeer.Of(TestKeys.Sodium, node.Contact))];
        foreach (var node in nodes)
        {
            peers.ForEach(peer => node.Machine.Table.Offer(peer, network.Now, out _));
        }

        ShouldFindNearest(network, nodes, lookups: 20);
    }

    [Fact]
    public void Nodes_that_came_in_one_by_one_find_each_other()
    {
        var network = new TestNetwork();
        ShouldFindNearest(network, network.Grow(50), lookups: 5);
    }

    [Fact]
    public void A_node_begins_at_the_time_that_it_is_given_and_with_options_that_make_sense()
    {
        Node(new DhtOptions()).Now.ShouldBe(new Instant(5));
        Should.Throw<ArgumentOutOfRangeException>(() => Node(new DhtOptions { BucketSize = 0 }));

        static DhtNode Node(DhtOptions options) => new(
            new CountedSecrets(), NodeKeyPair.FromSeed(TestKeys.Sodium, TestKeys.Named("a node").ToArray()), new LoneNode(), options, new Instant(5));
    }

    [Fact]
    public void Between_steps_nothing_is_handed_to_who_took_the_effects_of_the_last_one()
    {
        var node = new LoneNode();
        node.Handle(new DhtInput.Bootstrap([]));
        Should.Throw<InvalidOperationException>(() => node.Machine.Count(DhtInstruments.Cut));
        node.Run(TimeSpan.FromMinutes(1));
        Should.Throw<InvalidOperationException>(() => node.Machine.Count(DhtInstruments.Cut));
        node.Counted(DhtInstruments.Cut).ShouldBe(0);
    }

    [Fact]
    public void A_node_that_was_disposed_of_has_forgotten_the_secret_of_its_tokens()
    {
        var node = new LoneNode();
        var other = node.Other();
        var token = node.TokenOf(other);
        node.TokenOf(other).ShouldBe(token);
        node.Machine.Dispose();
        node.TokenOf(other).ShouldNotBe(token);
    }

    private static void ShouldFindNearest(TestNetwork network, List<TestNode> nodes, int lookups)
    {
        for (var i = 0; i < lookups; i++)
        {
            var target = new DhtId(TestKeys.Named($"target {i}"));
            var asker = nodes[7 * i];
            var found = network.Do<DhtResult.FoundNodes>(asker, new DhtOperation.FindNode(target.Value));
            var nearest = nodes.Where(node => node != asker).OrderBy(node => node.Machine.Id, Comparer<DhtId>.Create(target.CompareDistances)).Take(20);
            found.Nearest.ShouldBe(nearest.Select(node => node.Contact));
            found.Cost.Queries.ShouldBeInRange(20, 40);
            found.Cost.Hops.ShouldBeInRange(1, 4);
        }
    }
}
