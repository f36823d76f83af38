using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class DhtChurnTests
{
    private static readonly TimeSpan s_usual = new DhtOptions().QuestionableAfter;

    [Fact]
    public void A_lookup_whose_nearest_contacts_are_all_gone_starts_from_those_behind_them()
    {
        var network = new TestNetwork();
        var nodes = network.Grow(60);
        var (asker, target) = (nodes[0], nodes[30].Machine.Id);
        var gone = asker.Machine.Table.Closest(target, 20, isReliable: false).Select(peer => peer.Endpoint).ToHashSet();
        gone.Count.ShouldBe(20);
        nodes.Where(node => gone.Contains(node.Endpoint)).ToList().ForEach(network.Remove);
        var nearest = nodes.Where(node => node != asker && !gone.Contains(node.Endpoint)).MinBy(node => node.Machine.Id, Nearer(target))!;
        network.Do<DhtResult.FoundNodes>(asker, new DhtOperation.FindNode(target.Value)).Nearest[0].ShouldBe(nearest.Contact);
    }

    [Fact]
    public void A_contact_that_is_silent_once_is_asked_again_at_once_while_others_answer()
    {
        var network = new TestNetwork();
        var nodes = network.Grow(8);
        network.Remove(nodes[3]);
        network.Do<DhtResult.FoundNodes>(nodes[0], new DhtOperation.FindNode(nodes[3].Machine.Id.Value));
        network.Run(TimeSpan.FromSeconds(5));
        nodes[0].Machine.Table.Entry(nodes[3].Machine.Id).ShouldBeNull();
        nodes[0].Machine.Table.Count.ShouldBe(6);
    }

    [Fact]
    public void A_node_that_hears_nobody_blames_nobody_at_once()
    {
        var network = new TestNetwork();
        var nodes = network.Grow(8);
        network.Passes = (from, _, _) => from != nodes[0].Endpoint;
        network.Do<DhtResult.FoundNodes>(nodes[0], new DhtOperation.FindNode(nodes[3].Machine.Id.Value)).Nearest.ShouldBeEmpty();
        network.Run(TimeSpan.FromSeconds(5));
        nodes[0].Machine.Table.Count.ShouldBe(7);
    }

    [Fact]
    public void Where_many_are_gone_contacts_are_asked_and_slots_put_again_sooner_until_it_is_quiet()
    {
        var network = new TestNetwork();
        var nodes = network.Grow(40);
        var publisher = nodes[0];
        publisher.Machine.Table.QuestionableAfter.ShouldBe(s_usual);
        var slot = TestSlots.Of("t", "w", 1, network.UnixSeconds + (20 * 3600));
        network.Do<DhtResult.PutSlot>(publisher, new DhtOperation.Put(slot, IsKeptUp: true)).Holders.ShouldBe(20);
        nodes[1..].Where(node => node.Machine.Slots.Count > 0).ToList().ForEach(network.Remove);
        network.Run(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 3; i++)
        {
            network.Do<DhtResult.FoundNodes>(publisher, new DhtOperation.FindNode(TestKeys.Named($"{i}")));
        }

        publisher.Machine.Table.QuestionableAfter.ShouldBeLessThan(s_usual);
        network.Run(TimeSpan.FromMinutes(31));
        nodes[1..].Count(node => node.Machine.Slots.Count > 0).ShouldBeGreaterThan(20, "all that are left hold it as well");
        network.Run(TimeSpan.FromHours(2));
        publisher.Machine.Table.QuestionableAfter.ShouldBe(s_usual);
    }

    private static Comparer<DhtId> Nearer(DhtId target) => Comparer<DhtId>.Create((left, right) => target.CompareDistances(left, right));
}
