using System.Text.Json;
using HiNet.Crdt.LocalApi.Client;
using HiNet.Crdt.LocalApi.Tests.Fakes;

namespace HiNet.Crdt.Cli.Tests;

/// <summary>A running node, and verbs beside it on the same home.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task A_running_node_says_that_it_is_ready_serves_and_ends_well()
    {
        using var cli = TestCli.WithIdentity();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Bounded.Token());
        using var output = new LineWriter();
        var running = cli.Application(output, TextWriter.Null, Stream.Null)
            .RunAsync(["--home", cli.Home, "--json", "run", "--listen", "127.0.0.1:0", "--bootstrap", "127.0.0.1:7", "--no-mdns", "--no-dht", "--accept-groups"], stop.Token);
        var ready = JsonSerializer.Deserialize<JsonElement>(await output.NextAsync());
        ready.Fields().ShouldBe(["event", "listen", "identity", "device", "node"]);
        ready.Text("event").ShouldBe("ready");
        ready.Text("listen").ShouldBe("127.0.0.1:4000");
        cli.Opening!.Listen.ShouldBe("127.0.0.1:0");
        cli.Opening.Bootstrap.ShouldBe(["127.0.0.1:7"]);
        (cli.Opening.UseDht, cli.Opening.UseMdns, cli.Opening.AcceptInvitations).ShouldBe((false, false, true));

        (await LocalApiClient.TryConnectAsync(cli.Home)).ShouldNotBeNull();
        (await cli.RunAsync("group", "create", "team")).Code.ShouldBe(0);
        (await cli.RunAsync("send", "team", "hello")).Code.ShouldBe(0);
        var happened = JsonSerializer.Deserialize<JsonElement>(await output.NextAsync());
        happened.Fields()[..3].ShouldBe(["event", "cursor", "conversation"]);
        happened.Text("event").ShouldBe("message-added");
        happened.Text("text").ShouldBe("hello");

        var second = await cli.RunAsync("run");
        second.Code.ShouldBe(1);
        second.Error.ShouldContain("running");

        await stop.CancelAsync();
        (await running.WaitAsync(Bounded.Time)).ShouldBe(0);
        (await LocalApiClient.TryConnectAsync(cli.Home)).ShouldBeNull();
    }

    [Fact]
    public async Task Watch_replays_follows_and_goes_on_behind_a_cursor()
    {
        using var cli = TestCli.WithIdentity();
        await cli.RunAsync("group", "create", "team");
        await cli.RunAsync("send", "team", "one");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Bounded.Token());
        using var output = new LineWriter();
        var watching = cli.Application(output, TextWriter.Null, Stream.Null).RunAsync(["--home", cli.Home, "--json", "watch", "team"], stop.Token);
        var first = JsonSerializer.Deserialize<JsonElement>(await output.NextAsync());
        first.Text("text").ShouldBe("one");
        await cli.Node.Conversations[0].SendAsync("two");
        JsonSerializer.Deserialize<JsonElement>(await output.NextAsync()).Text("text").ShouldBe("two");
        await stop.CancelAsync();
        (await watching.WaitAsync(Bounded.Time)).ShouldBe(0);

        using var stopAgain = CancellationTokenSource.CreateLinkedTokenSource(Bounded.Token());
        using var rest = new LineWriter();
        var again = cli.Application(rest, TextWriter.Null, Stream.Null)
            .RunAsync(["--home", cli.Home, "--json", "watch", "team", "--from", first.Text("cursor")], stopAgain.Token);
        JsonSerializer.Deserialize<JsonElement>(await rest.NextAsync()).Text("text").ShouldBe("two");
        await stopAgain.CancelAsync();
        (await again.WaitAsync(Bounded.Time)).ShouldBe(0);
    }
}
