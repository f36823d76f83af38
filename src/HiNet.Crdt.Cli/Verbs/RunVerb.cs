using System.CommandLine;
using HiNet.Crdt.Cli.Home;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.LocalApi.Server;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>run</c>: runs the node until it is told to stop.</summary>
internal static class RunVerb
{
    public static Command Define(CliApplication application)
    {
        var listen = new Option<string>("--listen")
        {
            Description = "Where to take links, port 0 for any free one. Only this machine reaches the default; give 0.0.0.0:PORT to be reachable from others, or 'none' to take no links.",
            HelpName = "HOST:PORT",
            DefaultValueFactory = _ => "127.0.0.1:0",
        };
        var bootstrap = new Option<string[]>("--bootstrap") { Description = "An address to stay linked to and to begin with in the DHT; may be repeated.", HelpName = "HOST:PORT" };
        var advertise = new Option<string[]>("--advertise")
        {
            Description = "An address at which others reach this node, for invites, instead of the one it listens on; may be repeated.",
            HelpName = "HOST:PORT",
        };
        var noMdns = new Option<bool>("--no-mdns") { Description = "Do not look for nodes on the local network." };
        var noDht = new Option<bool>("--no-dht") { Description = "Do not take part in the distributed hash table." };
        var acceptGroups = new Option<bool>("--accept-groups") { Description = "Join groups that contacts invite to at once; otherwise 'hinet group accept' does." };
        var pipe = new Option<string[]>("--pipe") { Description = "Hold a link over two named pipes; may be repeated.", HelpName = "IN,OUT" };
        return application.Verb(
            "run",
            "Run the node of this home until SIGINT or SIGTERM.",
            (context, cancellationToken) => RunAsync(
                context,
                new NodeOpening
                {
                    Listen = context.Value(listen) is { } address and not "none" ? address : null,
                    Bootstrap = context.Value(bootstrap) ?? [],
                    Advertised = context.Value(advertise) ?? [],
                    UseDht = !context.Value(noDht),
                    UseMdns = !context.Value(noMdns),
                    AcceptInvitations = context.Value(acceptGroups),
                },
                context.Value(pipe) ?? [],
                cancellationToken),
            listen, bootstrap, advertise, noMdns, noDht, acceptGroups, pipe);
    }

    private static async Task<int> RunAsync(
        VerbContext context,
        NodeOpening given,
        string[] pipes,
        CancellationToken cancellationToken)
    {
        Arguments.Check(new HiNetOptions { Listen = given.Listen, Bootstrap = given.Bootstrap, AdvertisedAddresses = given.Advertised });
        var pairs = pipes.Select(NamedPipePair.Parse).ToList();
        var home = context.Home;
        if (!Directory.Exists(home.Path))
        {
            throw NodeAccess.NoIdentity(home);
        }

        using var held = await NodeAccess.LockAsync(home, cancellationToken).ConfigureAwait(false);
        if (!context.Environment.Nodes.HasIdentity(home))
        {
            throw NodeAccess.NoIdentity(home);
        }

        using var logging = Logging(context);
        var opening = given with { Passphrase = context.Passphrase(), LoggerFactory = logging };
        var opened = await context.Environment.Nodes.OpenAsync(home, opening, cancellationToken).ConfigureAwait(false);
        await using var _ = opened.ConfigureAwait(false);
        if (opened.IsUnsealed)
        {
            context.Note(Sentences.Unsealed(home));
        }

        await ServeAsync(context, home, opened, pairs, logging, cancellationToken).ConfigureAwait(false);
        return 0;
    }

    private static async Task ServeAsync(
        VerbContext context,
        HomeDirectory home,
        OpenedNode opened,
        IReadOnlyList<NamedPipePair> pipes,
        ILoggerFactory logging,
        CancellationToken cancellationToken)
    {
        var api = new NodeApi(opened.Node, opened.Links, opened.Dht);
        await using var _ = api.ConfigureAwait(false);
        var server = await LocalApiServer.StartAsync(api, LocalSocket.PathFor(home.Path), logging, cancellationToken).ConfigureAwait(false);
        await using var __ = server.ConfigureAwait(false);
        var feed = await api.WatchAsync(null, "now", cancellationToken).ConfigureAwait(false);
        await using var ___ = feed.ConfigureAwait(false);
        var nodeFeed = await api.WatchNodeAsync(cancellationToken).ConfigureAwait(false);
        await using var ____ = nodeFeed.ConfigureAwait(false);

        var node = await api.GetNodeAsync(cancellationToken).ConfigureAwait(false);
        context.Print(
            new ReadyLine("ready", node.Listen, node.Identity, node.Device, node.Node),
            CliJson.Shared.ReadyLine,
            ready => $"{People.Text(node.Name)} is ready, listening on {ready.Listen ?? "nothing"}; identity {ready.Identity}");
        context.Flush();

        var work = pipes.Select(p => p.HoldAsync(api, context.Note, cancellationToken))
            .Append(EventPrinter.PrintAsync(context, api, feed, cancellationToken))
            .Append(ReportAsync(context, nodeFeed, cancellationToken));
        try
        {
            await Task.WhenAny(Task.WhenAll(work), Task.Delay(Timeout.Infinite, cancellationToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Told to stop, which is how this verb ends well.
        }
    }

    /// <summary>What happens to the node itself is for people: it goes to standard error, problems with --json too.</summary>
    private static async Task ReportAsync(VerbContext context, IEventFeed feed, CancellationToken cancellationToken)
    {
        await foreach (var happened in feed.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            var isProblem = happened.Event is "storage-failed" or "divergence-detected" or "peer-misbehaved" or "clock-corrected" or "entries-parked";
            if (isProblem || !context.IsJson)
            {
                context.Note(Spectre.Console.Markup.Remove(EventLine.What(happened)));
            }
        }
    }

    private static ILoggerFactory Logging(VerbContext context)
    {
        var level = Enum.TryParse<LogLevel>(context.Environment.Variable("HINET_LOG"), ignoreCase: true, out var wanted) ? wanted : LogLevel.Error;
        return LoggerFactory.Create(logging => logging
            .SetMinimumLevel(level)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .AddSimpleConsole(console => console.SingleLine = true));
    }
}
