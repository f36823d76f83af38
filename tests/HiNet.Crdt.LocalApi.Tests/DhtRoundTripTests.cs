using HiNet.Crdt.LocalApi.Contract;
using HiNet.Crdt.LocalApi.Tests.Fakes;

namespace HiNet.Crdt.LocalApi.Tests;

/// <summary>The DHT and the links, through a real Unix socket.</summary>
public sealed class DhtRoundTripTests
{
    [Fact]
    public async Task The_numbers_of_the_DHT_arrive_whole()
    {
        await using var served = await ServedNode.StartAsync();
        (await served.Client.GetDhtStatsAsync()).ShouldBe(new DhtStatsInfo(7, 3, 2, 1, 0, 0, 9, 200, "192.0.2.7:4711"));
    }

    [Theory]
    [InlineData("a key with spaces / slashes?&=#")]
    [InlineData("..")]
    [InlineData("ключ")]
    public async Task What_is_put_at_a_key_is_found_there(string key)
    {
        await using var served = await ServedNode.StartAsync();
        var put = await served.Client.PutDhtTextAsync(key, "grüße\n👋");
        put.Target.ShouldBe(served.Dht.TargetOf(key).ToString());
        (put.Holders, put.HeldHere, put.Refused, put.Refusal, put.Hops, put.Rpcs).ShouldBe((3, false, 1, "token-refused", 2, 23));
        served.Dht.AddSealed(key);
        var found = await served.Client.GetDhtSlotsAsync(key);
        (found.Target, found.Holders, found.Hops, found.Rpcs, found.Milliseconds).ShouldBe((put.Target, 3, 2, 11, 12.3));
        found.Slots.Count.ShouldBe(2);
        found.Slots[0].ShouldBe(new DhtSlotInfo(put.Writer, put.Sequence, put.Expires, 12, "grüße\n👋"));
        found.Slots[1].Text.ShouldBeNull();
        found.Slots[1].Sequence.ShouldBe(ulong.MaxValue);
        found.Slots[1].Expires.Year.ShouldBe(9999);
        (await served.Client.GetDhtSlotsAsync(put.Target)).Slots.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_key_that_is_empty_or_too_long_is_refused()
    {
        await using var served = await ServedNode.StartAsync();
        foreach (var key in new[] { string.Empty, new string('x', 1_025), new string('ü', 513) })
        {
            (await Should.ThrowAsync<LocalApiException>(() => served.Client.GetDhtSlotsAsync(key))).Status.ShouldBe(400);
        }

        (await served.Client.GetDhtSlotsAsync(new string('ü', 512))).Slots.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_node_without_a_DHT_says_so()
    {
        await using var served = await ServedNode.StartAsync();
        served.Dht.Refusal = "This node is not part of the DHT.";
        var refused = await Should.ThrowAsync<LocalApiException>(() => served.Client.GetDhtStatsAsync());
        (refused.Status, refused.Message).ShouldBe((422, "This node is not part of the DHT."));
        await using var api = new NodeApi(served.Node);
        (await Should.ThrowAsync<LocalApiException>(() => api.GetDhtStatsAsync())).Status.ShouldBe(501);
        (await Should.ThrowAsync<LocalApiException>(() => api.GetPeersAsync())).Status.ShouldBe(501);
    }

    [Fact]
    public async Task Links_and_addresses_arrive_whole()
    {
        await using var served = await ServedNode.StartAsync();
        served.Links.AdvertisedAddresses = ["192.0.2.7:4711"];
        (await served.Client.GetStatusAsync()).Addresses.ShouldBe(["192.0.2.7:4711"]);
        (await served.Client.GetPeersAsync()).ShouldBeEmpty();

        var team = new ConversationId(FakeNode.Hash("team"));
        var (bob, node) = (new IdentityId(FakeNode.Hash("bob")), new NodeId(FakeNode.Hash("node")));
        served.Links.Peers.Add(new Peer(node, bob, "Bob", "[2001:db8::1]:7", true, [team]));
        served.Links.Peers.Add(new Peer(node, null, null, null, false, []));
        var peers = await served.Client.GetPeersAsync();
        (peers[0].Node, peers[0].Identity, peers[0].Name, peers[0].Address, peers[0].Direction)
            .ShouldBe((node.ToString(), bob.ToString(), "Bob", "[2001:db8::1]:7", "out"));
        peers[0].Conversations.ShouldBe([team.ToString()]);
        (peers[1].Identity, peers[1].Name, peers[1].Address, peers[1].Direction).ShouldBe((null, null, null, "in"));
    }
}
