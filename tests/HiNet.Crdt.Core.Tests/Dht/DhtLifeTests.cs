using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Dht;

public sealed class DhtLifeTests
{
    [Fact]
    public void More_slots_than_fit_one_datagram_come_in_pages()
    {
        var network = new TestNetwork();
        var nodes = network.Grow(3);
        for (var i = 0; i < 10; i++)
        {
            network.Do<DhtResult.PutSlot>(nodes[i % 2], new DhtOperation.Put(TestSlots.Of("t", $"w{i}", 1, network.UnixSeconds + 3600, 900)));
        }

        var got = network.Do<DhtResult.FoundSlots>(nodes[2], new DhtOperation.Get(TestKeys.Named("t")));
        got.Slots.Count.ShouldBe(10);
        got.Slots.Select(slot => slot.Writer).ShouldBe(got.Slots.Select(slot => slot.Writer).Order());
    }

    [Fact]
    public void A_slot_is_put_again_until_it_expires_and_then_is_gone()
    {
        var network = new TestNetwork();
        var nodes = network.Grow(5);
        var slot = TestSlots.Of("t", "w", 1, network.UnixSeconds + 7000);
        network.Do<DhtResult.PutSlot>(nodes[0], new DhtOperation.Put(slot, IsKeptUp: true)).Holders.ShouldBe(4);
        var late = network.Add(50);
        late.Handle(new DhtInput.Bootstrap([nodes[1].Endpoint]));
        foreach (var node in nodes[1..])
        {
            network.Remove(node);
        }

        network.Do<DhtResult.Pinged>(nodes[0], new DhtOperation.Ping(late.Endpoint));
        Tick(network, [nodes[0], late], TimeSpan.FromMinutes(75));
        late.Machine.Slots.Count.ShouldBe(1);
        Tick(network, [nodes[0], late], TimeSpan.FromMinutes(60));
        late.Machine.Slots.Count.ShouldBe(0);
        nodes[0].Machine.PublishedSlots.ShouldBe(0);
    }

    [Fact]
    public void A_dead_contact_leaves_the_table_and_kept_contacts_bring_a_node_back()
    {
        var network = new TestNetwork();
        var nodes = network.Grow(8);
        nodes[7].Kept.Count.ShouldBe(7);
        network.Remove(nodes[0]);
        network.Remove(nodes[7]);

        // The bootstrap is gone; the restarted node has a new address and the others' addresses from before.
        var back = network.Add(7, endpoint: TestNetwork.EndpointOf(90));
        back.Handle(new DhtInput.ContactsKept(nodes[7].Kept));
        network.Run(TimeSpan.FromSeconds(10));
        back.Machine.Table.Count.ShouldBe(6);
        network.Do<DhtResult.FoundNodes>(nodes[1], new DhtOperation.FindNode(back.Machine.Id.Value)).Nearest[0].ShouldBe(back.Contact);
        network.Run(TimeSpan.FromMinutes(30));
        nodes[1].Machine.Table.Entry(nodes[0].Machine.Id).ShouldBeNull();
    }

    [Fact]
    public void A_bootstrap_that_answers_and_finds_no_place_in_the_table_is_asked_ever_more_seldom()
    {
        // Half of the others share no bit with the first: too many for the one bucket that it could stand in at theirs. It is away
        // for a while, and another has its place when it comes back.
        var network = new TestNetwork();
        var nodes = network.Grow(60);
        network.Passes = (from, to, _) => from != nodes[0].Endpoint && to != nodes[0].Endpoint;
        network.Run(TimeSpan.FromMinutes(30));
        network.Passes = (_, _, _) => true;
        network.Run(TimeSpan.FromMinutes(30));
        nodes[1..].Count(node => node.Machine.Table.Entry(nodes[0].Machine.Id) is null).ShouldBeGreaterThan(5);
        var (asked, sent) = (0, 0);
        network.Passes = (_, to, _) =>
        {
            asked += to == nodes[0].Endpoint ? 1 : 0;
            sent++;
            return true;
        };
        network.Run(TimeSpan.FromMinutes(30));
        asked.ShouldBeLessThan(60 * 30);
        sent.ShouldBeLessThan(60 * 30 * 20);
    }

    [Fact]
    public void A_bootstrap_that_is_silent_or_garbled_or_ourselves_is_counted_and_tried_ever_more_seldom()
    {
        var network = new TestNetwork();
        var node = network.Add(1);
        var garbled = TestNetwork.EndpointOf(60);
        network.Passes = (_, to, _) =>
        {
            if (to == garbled)
            {
                network.After(TimeSpan.FromMilliseconds(1), () => node.Handle(new DhtInput.DatagramReceived(garbled, "HTTP/1.1 400 Bad Request"u8.ToArray())));
            }

            return true;
        };
        node.Handle(new DhtInput.Bootstrap([node.Endpoint, garbled, TestNetwork.EndpointOf(61), Endpoint.Parse("0.0.0.0:1")]));
        network.Run(TimeSpan.FromMinutes(1));
        node.Counted(DhtInstruments.BootstrapSelf).ShouldBe(1);
        node.Counted(DhtInstruments.BootstrapGarbage).ShouldBeGreaterThan(2);
        node.Counted(DhtInstruments.BootstrapSilent).ShouldBeInRange(8, 16);
        network.Passes = (_, _, _) => true;
        network.Add(61);
        network.Run(TimeSpan.FromMinutes(6));
        node.Machine.Table.Count.ShouldBe(1);
    }

    [Fact]
    public void Lost_datagrams_cost_time_and_not_the_result()
    {
        var network = new TestNetwork();
        var nodes = network.Grow(60);
        var drawn = 0UL;
        network.Passes = (_, _, _) => TestKeys.Named($"loss {drawn++}").Prefix % 10 != 0;
        var slot = TestSlots.Of("t", "w", 1, network.UnixSeconds + 3600);
        network.Do<DhtResult.PutSlot>(nodes[4], new DhtOperation.Put(slot)).Holders.ShouldBeGreaterThan(14);
        network.Do<DhtResult.FoundSlots>(nodes[44], new DhtOperation.Get(slot.Target)).Slots.Count.ShouldBe(1);
    }

    [Fact]
    public void More_operations_than_allowed_are_refused_and_nothing_is_asked_without_contacts()
    {
        var network = new TestNetwork();
        var node = network.Add(1);
        network.Do<DhtResult.FoundNodes>(node, new DhtOperation.FindNode(TestKeys.Named("x"))).Nearest.ShouldBeEmpty();
        network.Do<DhtResult.FoundSlots>(node, new DhtOperation.Get(TestKeys.Named("x"))).Slots.ShouldBeEmpty();
        network.Do<DhtResult.PutSlot>(node, new DhtOperation.Put(TestSlots.Of("t", "w", 1, network.UnixSeconds + 10))).IsHeldHere.ShouldBeTrue();
        for (var i = 0; i < DhtNode.MaxOperations; i++)
        {
            node.Command(new DhtOperation.Ping(TestNetwork.EndpointOf(5)));
        }

        network.Do<DhtResult.TooMany>(node, new DhtOperation.Ping(TestNetwork.EndpointOf(5)));
    }

    // The wall clock is read once a minute, as the shell does.
    private static void Tick(TestNetwork network, TestNode[] nodes, TimeSpan time)
    {
        for (var minutes = 0; minutes < time.TotalMinutes; minutes++)
        {
            network.Run(TimeSpan.FromMinutes(1));
            foreach (var node in nodes)
            {
                node.Handle(new DhtInput.WallClockRead(TestNetwork.StartUnixMilliseconds + (network.Now.Microseconds / 1000)));
            }
        }
    }
}
