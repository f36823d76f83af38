using System.Diagnostics;
using HiNet.Crdt.Benchmarks.Framework;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.LocalApi.Client;
using HiNet.Crdt.LocalApi.Server;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>All events of all conversations, 100,000 messages among them, from the local API's <c>/v1/events</c> to a client behind its Unix socket.</summary>
/// <param name="name">What rows call it by.</param>
/// <param name="conversations">Over how many conversations the messages are spread.</param>
internal sealed class EventsOfAll(string name, int conversations) : IMeasurement
{
    private const int Messages = 100_000;
    private const int InFlight = 1_024;

    private string? _home;

    public string Name => name;

    public string? Unavailable => null;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var home = _home ??= await CreateAsync(cancellationToken);
        await using var node = await Nodes.StartAsync(home);
        await using var server = await LocalApiServer.StartAsync(new NodeApi(node), LocalSocket.PathFor(home), cancellationToken: cancellationToken);
        await using var client = new LocalApiClient(server.SocketPath);
        var started = Stopwatch.GetTimestamp();
        var feed = await client.WatchAsync(null, null, cancellationToken);
        await using var _ = feed.ConfigureAwait(false);
        var received = 0;
        await foreach (var happened in feed.ReadAllAsync(cancellationToken))
        {
            if (happened.Event == "message-added" && ++received == Messages)
            {
                break;
            }
        }

        return new Dictionary<string, double> { [Metric.Rate] = received / Stopwatch.GetElapsedTime(started).TotalSeconds };
    }

    private async Task<string> CreateAsync(CancellationToken cancellationToken)
    {
        var home = Workspace.CreateFolder("events");
        await using var node = await Nodes.StartAsync(home);
        var texts = Nodes.CreateTexts(Messages / conversations);
        for (var i = 0; i < conversations; i++)
        {
            await Nodes.SendAllAsync(await node.CreateGroupAsync($"Group {i}", [], cancellationToken), texts, InFlight, cancellationToken);
        }

        return home;
    }
}
