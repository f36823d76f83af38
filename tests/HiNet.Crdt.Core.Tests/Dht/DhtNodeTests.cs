using HiNet.Crdt.Core.Dht;
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
        var network = new TestNetwork();
        var nodes = network.Grow(300);
        for (var i = 0; i < 20; i++)
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
