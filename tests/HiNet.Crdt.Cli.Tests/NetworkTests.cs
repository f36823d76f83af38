using System.Net;
using System.Net.Sockets;
using HiNet.Crdt.LocalApi.Tests.Fakes;

namespace HiNet.Crdt.Cli.Tests;

/// <summary>The verbs that tell of links and the DHT; only a running node has any.</summary>
public sealed class NetworkTests
{
    [Fact]
    public async Task A_node_takes_part_in_the_DHT_and_the_local_network_unless_told_otherwise()
    {
        using var cli = TestCli.WithIdentity();
        await using var running = await cli.StartAsync();
        (cli.Opening!.UseDht, cli.Opening.UseMdns).ShouldBe((true, true));
    }

    [Theory]
    [InlineData("peers")]
    [InlineData("dht", "stats")]
    [InlineData("dht", "get", "key")]
    [InlineData("dht", "put", "key", "text")]
    public async Task Without_a_running_node_the_sentence_says_how_to_start_one(params string[] arguments)
    {
        using var cli = TestCli.WithIdentity();
        var outcome = await cli.RunAsync(arguments);
        outcome.Code.ShouldBe(1);
        outcome.Out.ShouldBeEmpty();
        outcome.Error.ShouldBe($"hinet: No node runs on the home {cli.Home}; start it with 'hinet --home {cli.Home} run'.\n");
        cli.Opening.ShouldBeNull();
    }

    [Fact]
    public async Task Peers_are_a_line_each()
    {
        using var cli = TestCli.WithIdentity();
        await using var running = await cli.StartAsync();
        var none = await cli.RunAsync("peers");
        (none.Code, none.Out).ShouldBe((0, string.Empty));
        none.Error.ShouldContain("no link");

        var team = new ConversationId(FakeNode.Hash("team"));
        cli.Links.Peers.Add(new Peer(new NodeId(FakeNode.Hash("node")), new IdentityId(FakeNode.Hash("bob")), "Bob\u001b[31m", "192.0.2.7:7", true, [team]));
        cli.Links.Peers.Add(new Peer(new NodeId(FakeNode.Hash("other")), null, null, null, false, []));
        var lines = (await cli.RunAsync("--json", "peers")).Lines();
        lines.ShouldAllBe(line => line.Fields().SequenceEqual(new[] { "node", "identity", "name", "address", "direction", "conversations" }));
        lines.Select(line => line.Text("direction")).ShouldBe(["out", "in"]);
        lines[0].GetProperty("conversations")[0].GetString().ShouldBe(team.ToString());

        var shown = (await cli.RunAsync("peers")).Out;
        shown.ShouldContain("to 192.0.2.7:7, 1 conversation\n");
        shown.ShouldContain("over a stream, 0 conversations\n");
        shown.ShouldNotContain('\u001b');
    }

    [Fact]
    public async Task What_is_put_into_the_DHT_is_listed_with_its_writer()
    {
        using var cli = TestCli.WithIdentity();
        await using var running = await cli.StartAsync();
        var put = (await cli.RunAsync("--json", "dht", "put", "a key", "hello [there]")).Line();
        put.Fields().ShouldBe(
            ["target", "writer", "sequence", "expires", "holders", "heldHere", "refused", "refusal", "hops", "rpcs", "milliseconds"]);
        cli.Dht.AddSealed("a key");
        var found = (await cli.RunAsync("--json", "dht", "get", put.Text("target"))).Line();
        found.Fields().ShouldBe(["target", "slots", "holders", "hops", "rpcs", "milliseconds"]);
        var slots = found.GetProperty("slots").EnumerateArray().ToList();
        slots.ShouldAllBe(slot => slot.Fields().SequenceEqual(new[] { "writer", "sequence", "expires", "size", "text" }));
        (slots[0].Text("text"), slots[0].Text("writer")).ShouldBe(("hello [there]", put.Text("writer")));

        var shown = (await cli.RunAsync("dht", "get", "a key")).Out;
        shown.ShouldContain("hello [there]\n");
        shown.ShouldContain("3 bytes, sealed or no text\n");
        shown.ShouldContain("2 slots at ");
        shown.ShouldContain("2 hops, 11 queries, 12 ms\n");
        (await cli.RunAsync("dht", "put", "a key", "again")).Out.ShouldContain("with 3 nodes, refused by 1 (token-refused) until 2027-01-15");
    }

    [Fact]
    public async Task A_text_that_nobody_kept_is_a_failure()
    {
        using var cli = TestCli.WithIdentity();
        cli.Dht.Holders = 0;
        await using var running = await cli.StartAsync();
        var outcome = await cli.RunAsync("--json", "dht", "put", "key", "text");
        outcome.Code.ShouldBe(1);
        outcome.Out.ShouldBeEmpty();
        outcome.Error.ShouldContain("1 node refused it (token-refused)");
        (await cli.RunAsync("dht", "put", "key", new string('x', 901))).Code.ShouldBe(2);
    }

    [Fact]
    public async Task The_numbers_of_the_DHT_are_a_line()
    {
        using var cli = TestCli.WithIdentity();
        await using var running = await cli.StartAsync();
        var stats = (await cli.RunAsync("--json", "dht", "stats")).Line();
        stats.Fields().ShouldBe(
            ["contacts", "depth", "slots", "published", "operations", "queries", "pairs", "timeoutMilliseconds", "observed"]);
        (await cli.RunAsync("dht", "stats")).Out.ShouldContain("192.0.2.7:4711");
        cli.Dht.Refusal = "This node is not part of the DHT.";
        var refused = await cli.RunAsync("dht", "stats");
        (refused.Code, refused.Error).ShouldBe((1, "hinet: This node is not part of the DHT.\n"));
    }

    [Fact]
    public async Task Doctor_asks_the_running_node_and_dials_what_it_tells_others()
    {
        using var cli = TestCli.WithIdentity();
        await using var running = await cli.StartAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var open = listener.LocalEndpoint.ToString()!;
        cli.Links.AdvertisedAddresses = [open];
        var checks = (await cli.RunAsync("--json", "doctor")).Lines().ToDictionary(line => line.Text("check"));
        checks["dht"].Text("detail").ShouldBe("7 contacts in the table; others see it at 192.0.2.7:4711");
        checks["mdns"].Text("detail").ShouldContain("5353");
        checks["reachability"].GetProperty("ok").GetBoolean().ShouldBeTrue();
        checks["reachability"].Text("detail").ShouldContain("only this machine");

        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var closed = taken.LocalEndPoint!.ToString()!;
        cli.Links.AdvertisedAddresses = [open, closed];
        var outcome = await cli.RunAsync("--json", "doctor");
        outcome.Code.ShouldBe(1);
        var reachability = outcome.Lines().Single(line => line.Text("check") == "reachability");
        reachability.GetProperty("ok").GetBoolean().ShouldBeFalse();
        reachability.Text("detail").ShouldContain(closed);
        reachability.Text("detail").ShouldNotContain(open);
    }

    [Fact]
    public async Task An_invite_is_a_code_of_capitals_on_a_terminal_and_nowhere_else()
    {
        using var cli = new TestCli { IsTerminal = true };
        _ = cli.Node;
        var onTerminal = (await cli.RunAsync("invite")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        onTerminal[..^1].ShouldBe(Cli.Output.QrCode.Lines("HINET:ALICE"));
        onTerminal[^1].ShouldBe("hinet:alice");
        (await cli.RunAsync("--json", "invite")).Line().Text("invite").ShouldBe("hinet:alice");

        using var piped = TestCli.WithIdentity();
        (await piped.RunAsync("invite")).Out.ShouldBe("hinet:alice\n");
    }
}
