using System.IO.Pipelines;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Storage;
using HiNet.Crdt.Transport;

namespace HiNet.Crdt.Tests;

/// <summary>What operators ask of real nodes on loopback sockets.</summary>
public sealed class NodeDhtTests
{
    [Fact]
    public async Task A_text_put_by_one_node_is_found_by_another_under_a_writer_that_is_no_ones_key()
    {
        await using var alice = await StartAsync("Alice");
        await using var bob = await StartAsync("Bob", alice.ListenAddress!);
        await KnowEachOtherAsync(bob);
        await KnowEachOtherAsync(alice);

        var target = alice.Dht.TargetOf("weather");
        bob.Dht.TargetOf(target.ToString()).ShouldBe(target);
        var first = alice.Dht.CreateSlot(target, "rain");
        await PutUntilHeldAsync(alice, first);
        var found = await bob.Dht.GetAsync(target);
        PublicSlot.TextOf(found.Slots.ShouldHaveSingleItem()).ShouldBe("rain");
        found.Cost.Queries.ShouldBeGreaterThan(0);
        Bytes32[] known = [alice.Device.Value, alice.Node.Value, alice.Self.Id.Value];
        known.ShouldNotContain(first.Writer);

        DhtSlot second;
        do
        {
            second = alice.Dht.CreateSlot(target, "sun");
        }
        while (second.Sequence == first.Sequence);

        await PutUntilHeldAsync(alice, second);
        await PutUntilHeldAsync(bob, bob.Dht.CreateSlot(target, "fog"));
        (await bob.Dht.GetAsync(target)).Slots.Select(PublicSlot.TextOf).Order().ShouldBe(["fog", "sun"]);
        Should.Throw<InvalidTextException>(() => alice.Dht.CreateSlot(target, new string('x', 901)));
    }

    [Fact]
    public async Task Nodes_are_found_pinged_and_counted()
    {
        await using var alice = await StartAsync("Alice");
        await using var bob = await StartAsync("Bob", alice.ListenAddress!);
        await KnowEachOtherAsync(bob);

        (await bob.Dht.PingAsync(alice.ListenAddress!)).Contact!.Value.NodeKey.ShouldBe(alice.Node.Value);
        (await bob.Dht.FindNodesAsync(bob.Dht.TargetOf("anywhere"))).Nearest.Select(node => node.NodeKey).ShouldContain(alice.Node.Value);
        var stats = await bob.Dht.GetStatsAsync();
        stats.Contacts.ShouldBe(1);
        stats.Observed.ToString().ShouldBe(bob.ListenAddress);
        await Should.ThrowAsync<InvalidAddressException>(() => bob.Dht.PingAsync("nowhere"));
    }

    [Fact]
    public async Task A_node_without_the_DHT_refuses_and_says_why()
    {
        await using var node = await HiNetNode.StartAsync(
            new HiNetOptions { Store = new InMemoryStore(), Listen = "127.0.0.1:0", UseDht = false });
        var refused = await Should.ThrowAsync<OperationRefusedException>(() => node.Dht.GetStatsAsync());
        refused.Message.ShouldContain("--no-dht");
    }

    [Fact]
    public async Task A_link_shows_at_both_ends_with_the_person_and_the_conversation()
    {
        await using var alice = await HiNetNode.StartAsync(
            new HiNetOptions { Store = new InMemoryStore(), Name = "Alice", Listen = "127.0.0.1:0", UseDht = false });
        await using var bob = await HiNetNode.StartAsync(new HiNetOptions { Store = new InMemoryStore(), Name = "Bob" });
        alice.AdvertisedAddresses.ShouldBe([alice.ListenAddress!]);
        bob.AdvertisedAddresses.ShouldBeEmpty();
        (await alice.GetPeersAsync()).ShouldBeEmpty();
        await bob.AddContactAsync(await alice.CreateInviteAsync(), "Alice from work");
        var direct = await bob.OpenDirectAsync(alice.Self.Id);
        await Until.TrueAsync(() => alice.FindConversation(direct.Id) is not null);

        var there = await PeerAsync(bob);
        (there.Node, there.Identity, there.Name, there.Address, there.IsOutgoing)
            .ShouldBe((alice.Node, alice.Self.Id, "Alice from work", alice.ListenAddress, true));
        there.Conversations.ShouldBe([direct.Id]);
        var here = await PeerAsync(alice);
        (here.Node, here.Identity, here.Name, here.IsOutgoing).ShouldBe((bob.Node, bob.Self.Id, "Bob", false));
        here.Address!.ShouldStartWith("127.0.0.1:");
        here.Conversations.ShouldBe([direct.Id]);
    }

    [Fact]
    public async Task A_link_over_a_stream_has_no_address_and_without_a_common_conversation_no_person()
    {
        await using var alice = await HiNetNode.StartAsync(new HiNetOptions { Store = new InMemoryStore(), Name = "Alice" });
        await using var bob = await HiNetNode.StartAsync(new HiNetOptions { Store = new InMemoryStore(), Name = "Bob" });
        var there = new Pipe();
        var back = new Pipe();
        var a = alice.AttachAsync(new DuplexStream(there.Reader.AsStream(), back.Writer.AsStream()), isInitiator: false);
        var b = bob.AttachAsync(new DuplexStream(back.Reader.AsStream(), there.Writer.AsStream()), isInitiator: true);
        await Until.TrueAsync(() => alice.GetStatus().Peers.Count == 1);
        var peer = (await alice.GetPeersAsync()).ShouldHaveSingleItem();
        (peer.Node, peer.Identity, peer.Name, peer.Address, peer.IsOutgoing).ShouldBe((bob.Node, null, null, null, false));
        peer.Conversations.ShouldBeEmpty();
        await bob.DisposeAsync();
        await Task.WhenAll(a, b).WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static Task<HiNetNode> StartAsync(string name, params string[] bootstrap) => HiNetNode.StartAsync(
        new HiNetOptions { Store = new InMemoryStore(), Name = name, Listen = "127.0.0.1:0", Bootstrap = bootstrap });

    // Held by both. Datagrams that a busy machine answers too late count as lost, so a person would put it again.
    private static async Task PutUntilHeldAsync(HiNetNode node, DhtSlot slot)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var put = await node.Dht.PutAsync(slot, cancellationToken: patience.Token);
        while (put.Holders == 0)
        {
            put = await node.Dht.PutAsync(slot, cancellationToken: patience.Token);
        }

        put.Holders.ShouldBe(1);
        put.IsHeldHere.ShouldBeTrue();
    }

    private static async Task KnowEachOtherAsync(HiNetNode node)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await node.Dht.GetStatsAsync(patience.Token)) is { Contacts: 0 } or { Observed: null } && !patience.IsCancellationRequested)
        {
            await Task.Yield();
        }
    }

    private static async Task<Peer> PeerAsync(HiNetNode node)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var peers = await node.GetPeersAsync(patience.Token);
            if (peers is [{ Conversations.Count: > 0 }])
            {
                return peers[0];
            }

            await Task.Yield();
        }
    }
}
