using System.Text;
using System.Text.Json.Nodes;
using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Interop.Tests;

/// <summary>Links with the published JavaScript packages over loopback TCP, dialled by either side.</summary>
public sealed class JavaScriptLinkTests
{
    [NodeTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Both_ends_agree_on_keys_and_handshake_hash(bool weDial)
    {
        var (link, peer) = await SocketLink.ConnectAsync(weDial);
        await using var _ = link;
        await using var __ = peer;
        var established = await link.WaitAsync<LinkEffect.LinkEstablished>();
        var connected = await peer.WaitAsync("connected");
        established.Remote.ToString().ShouldBe((string?)connected["publicKey"]);
        link.Keys.Id.ToString().ShouldBe((string?)connected["remotePublicKey"]);
        Convert.ToHexStringLower(established.HandshakeHash.Span).ShouldBe((string?)connected["handshakeHash"]);
    }

    [NodeTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Several_channels_carry_messages_both_ways_whoever_opens(bool weDial)
    {
        var (link, peer) = await SocketLink.ConnectAsync(weDial);
        await using var _ = link;
        await using var __ = peer;
        AcceptAll(link);
        await peer.PairAsync("theirs-to-accept", "accepted");
        await link.WaitAsync<LinkEffect.LinkEstablished>();

        var first = link.Open("theirs-to-accept", [1], "one");
        var second = link.Open("theirs-to-accept", [2], "two");
        peer.Command(new { op = "open", protocol = "ours-to-accept", id = "0a", handshake = "three" });
        peer.Command(new { op = "open", protocol = "ours-to-accept", id = "", handshake = "four" });
        await link.Effects.WaitAsync(e => e is LinkEffect.ChannelOpened, 4);
        await peer.Events.WaitAsync(e => JavaScriptLinkPeer.Is(e, "opened"), 4);

        var opened = link.Effects.Snapshot().OfType<LinkEffect.ChannelOpened>()
            .ToDictionary(e => ReceivedMessage.KeyOf(e.Channel), e => (e.Channel, Encoding.UTF8.GetString(e.RemoteHandshake.Span)));
        opened["theirs-to-accept/01"].ShouldBe((first, "accepted"));
        opened["theirs-to-accept/02"].ShouldBe((second, "accepted"));
        opened["ours-to-accept/0a"].Item2.ShouldBe("three");
        opened["ours-to-accept/"].Item2.ShouldBe("four");
        (await peer.WaitAsync("opened", "theirs-to-accept/01"))["handshake"]!.ToString().ShouldBe(Convert.ToHexStringLower("one"u8));
        (await peer.WaitAsync("opened", "ours-to-accept/0a"))["handshake"]!.ToString().ShouldBe(Convert.ToHexStringLower("welcome"u8));

        var size = 0;
        foreach (var (key, (channel, _)) in opened)
        {
            link.Send(channel, type: 3, size, count: 20);
            peer.Command(new { op = "send", key, type = 5, size, count = 20 });
            (await peer.WaitAsync("message", key, 20)).Select(Parse).ShouldBe(ReceivedMessage.Burst(key, 3, size, 20));
            (await link.Messages.WaitAsync(m => m.Key == key, 20)).ShouldBe(ReceivedMessage.Burst(key, 5, size, 20));
            size += 250;
        }
    }

    [NodeTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Corked_batches_over_several_channels_arrive_both_ways(bool weDial)
    {
        var (link, peer) = await SocketLink.ConnectAsync(weDial);
        await using var _ = link;
        await using var __ = peer;
        var (a, b) = await OpenTwoAsync(link, peer);
        link.Do(machine =>
        {
            machine.Cork();
            for (var n = 0; n < 300; n++)
            {
                machine.Send(n % 3 == 0 ? b : a, n % 8, ReceivedMessage.Payload(n * 3, n), link.Now, link).ShouldBeTrue();
            }

            machine.Uncork(link.Now, link);
        });
        var expected = Enumerable.Range(0, 300).Select(n => (n % 3 == 0 ? "b/" : "a/", n % 8, n * 4)).ToArray();
        (await peer.Events.WaitAsync(e => JavaScriptLinkPeer.Is(e, "message"), 300))
            .Select(Parse).Select(m => (m.Key, m.Type, m.Length)).ShouldBe(expected);

        peer.Command(new { op = "cork" });
        peer.Command(new { op = "send", key = "a/", type = 0, size = 0, count = 200 });
        peer.Command(new { op = "send", key = "b/", type = 1, size = 400, count = 200 });
        peer.Command(new { op = "open", protocol = "in-a-batch", id = "", handshake = "x" });
        peer.Command(new { op = "send", key = "a/", type = 2, size = 70_000, count = 3 });
        AcceptAll(link);
        peer.Command(new { op = "uncork" });
        (await link.Messages.WaitAsync(_ => true, 403)).ShouldBe(
        [
            .. ReceivedMessage.Burst("a/", 0, 0, 200), .. ReceivedMessage.Burst("b/", 1, 400, 200), .. ReceivedMessage.Burst("a/", 2, 70_000, 3),
        ]);
        await peer.WaitAsync("opened", "in-a-batch/");
    }

    [NodeTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_unknown_channel_is_rejected_by_either_side_and_the_link_goes_on(bool weDial)
    {
        var (link, peer) = await SocketLink.ConnectAsync(weDial);
        await using var _ = link;
        await using var __ = peer;
        var (a, _) = await OpenTwoAsync(link, peer);
        var unknown = link.Open("nobody-knows-this", [9]);
        link.Send(unknown, 0, size: 10, count: 5);
        (await link.WaitAsync<LinkEffect.ChannelRejected>()).Channel.ShouldBeSameAs(unknown);

        link.OnRequest = (machine, request) => machine.Reject(request.Channel, link.Now, link);
        peer.Command(new { op = "open", protocol = "we-know-not", id = "", handshake = "" });
        peer.Command(new { op = "send", key = "we-know-not/", type = 0, size = 10, count = 5 });
        await peer.WaitAsync("closed", "we-know-not/");

        // The ids of both are used again.
        await peer.PairAsync("later");
        var again = link.Open("later", []);
        link.Send(again, 1, size: 3, count: 1);
        await peer.WaitAsync("message", "later/");
        link.Send(a, 0, size: 1, count: 1);
        await peer.WaitAsync("message", "a/");
        link.Messages.Snapshot().ShouldBeEmpty();
    }

    [NodeTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Either_side_closes_a_channel_and_opens_it_again(bool weDial)
    {
        var (link, peer) = await SocketLink.ConnectAsync(weDial);
        await using var _ = link;
        await using var __ = peer;
        var (a, b) = await OpenTwoAsync(link, peer);
        peer.Command(new { op = "close", key = "a/" });
        (await link.WaitAsync<LinkEffect.ChannelClosed>()).Channel.ShouldBeSameAs(a);
        link.Do(machine => machine.CloseChannel(b, link.Now, link));
        ((bool)(await peer.WaitAsync("closed", "b/"))["remote"]!).ShouldBeTrue();

        for (var round = 2; round < 6; round++)
        {
            peer.Command(new { op = "open", protocol = "a", id = "", handshake = "" });
            var again = link.Open("a", []);
            await link.Effects.WaitAsync(e => e is LinkEffect.ChannelOpened opened && opened.Channel == again);
            await peer.WaitAsync("opened", "a/", round);
            link.Send(again, 0, size: 5, count: 1);
            await peer.WaitAsync("message", "a/", round - 1);
            link.Do(machine => machine.CloseChannel(again, link.Now, link));
            await peer.WaitAsync("closed", "a/", round);
        }

        link.Effects.Snapshot().OfType<LinkEffect.CloseStream>().ShouldBeEmpty();
    }

    [NodeTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keep_alive_frames_pass_both_ways_and_carry_nothing(bool weDial)
    {
        var options = new LinkOptions { KeepAlive = TimeSpan.FromMilliseconds(100), ReceiveTimeout = null };
        var (link, peer) = await SocketLink.ConnectAsync(weDial, options);
        await using var _ = link;
        await using var __ = peer;
        await peer.Events.WaitAsync(e => JavaScriptLinkPeer.Is(e, "keep-alive"), 3);
        var (a, _) = await OpenTwoAsync(link, peer);
        peer.Command(new { op = "send", key = "a/", type = 0, size = 5, count = 1 });
        await link.Messages.WaitAsync(m => m.Key == ReceivedMessage.KeyOf(a));
    }

    [NodeTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_peer_that_sends_keep_alive_frames_never_counts_as_silent(bool weDial)
    {
        var options = new LinkOptions { KeepAlive = TimeSpan.FromMilliseconds(400), ReceiveTimeout = TimeSpan.FromSeconds(1) };
        var (link, peer) = await SocketLink.ConnectAsync(weDial, options, peerKeepAlive: 100);
        await using var _ = link;
        await using var __ = peer;
        await link.WaitAsync<LinkEffect.LinkEstablished>();

        // Two seconds of silence but for frames of 20 bytes: twice the time-out.
        var before = link.BytesReceived;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var tick = 0; tick < 40; tick++)
        {
            await timer.WaitForNextTickAsync();
        }

        link.BytesReceived.ShouldBeGreaterThan(before + (10 * 20));
        link.Effects.Snapshot().OfType<LinkEffect.CloseStream>().ShouldBeEmpty();
        link.Messages.Snapshot().ShouldBeEmpty();
    }

    [NodeTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Messages_of_eight_megabytes_pass_both_ways(bool weDial)
    {
        var (link, peer) = await SocketLink.ConnectAsync(weDial);
        await using var _ = link;
        await using var __ = peer;
        var (a, _) = await OpenTwoAsync(link, peer);
        const int Size = LinkOptions.MaxPayload - 4;
        link.Send(a, 7, Size, count: 3);
        peer.Command(new { op = "send", key = "a/", type = 6, size = Size, count = 3 });
        (await peer.WaitAsync("message", "a/", 3)).Select(Parse).ShouldBe(ReceivedMessage.Burst("a/", 7, Size, 3));
        (await link.Messages.WaitAsync(_ => true, 3)).ShouldBe(ReceivedMessage.Burst("a/", 6, Size, 3));
    }

    [NodeTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Our_end_ends_the_peer(bool weDial)
    {
        var (link, peer) = await SocketLink.ConnectAsync(weDial);
        await using var _ = link;
        await using var __ = peer;
        await OpenTwoAsync(link, peer);
        link.Do(machine => machine.Close(LinkCloseReason.Requested, "", link.Now, link));
        await peer.WaitAsync("end");
    }

    [NodeTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_peers_end_ends_ours(bool weDial)
    {
        var (link, peer) = await SocketLink.ConnectAsync(weDial);
        await using var _ = link;
        await using var __ = peer;
        await OpenTwoAsync(link, peer);
        peer.Command(new { op = "end" });
        (await link.WaitAsync<LinkEffect.CloseStream>()).Reason.ShouldBe(LinkCloseReason.StreamEnded);
        link.Effects.Snapshot().OfType<LinkEffect.ChannelClosed>().Count().ShouldBe(2);
    }

    [NodeFact]
    public void The_peers_packages_are_the_pinned_ones()
    {
        NodePeers.VersionOf("@hyperswarm/secret-stream").ShouldBe("6.9.2");
        NodePeers.VersionOf("protomux").ShouldBe("3.12.1");
    }

    private static void AcceptAll(SocketLink link) =>
        link.OnRequest = (machine, request) => machine.Accept(request.Channel, "welcome"u8, link.Now, link);

    private static async Task<(LinkChannel A, LinkChannel B)> OpenTwoAsync(SocketLink link, JavaScriptLinkPeer peer)
    {
        await peer.PairAsync("a");
        await peer.PairAsync("b");
        await link.WaitAsync<LinkEffect.LinkEstablished>();
        var channels = (link.Open("a", []), link.Open("b", []));
        await link.Effects.WaitAsync(e => e is LinkEffect.ChannelOpened, 2);
        await peer.Events.WaitAsync(e => JavaScriptLinkPeer.Is(e, "opened"), 2);
        return channels;
    }

    private static ReceivedMessage Parse(JsonObject seen) =>
        new((string)seen["key"]!, (int)seen["type"]!, (int)seen["length"]!, (string)seen["digest"]!);
}
