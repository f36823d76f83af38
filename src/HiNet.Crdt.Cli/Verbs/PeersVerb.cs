using System.CommandLine;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>peers</c>: the nodes to which a link is up.</summary>
internal static class PeersVerb
{
    public static Command Define(CliApplication application) =>
        application.Verb("peers", "List the nodes to which the running node has a link.", RunAsync);

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var client = await context.ConnectAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = client.ConfigureAwait(false);
        var peers = await client.GetPeersAsync(cancellationToken).ConfigureAwait(false);
        foreach (var peer in peers)
        {
            context.Print(peer, LocalApiJson.Shared.PeerInfo, Describe);
        }

        if (peers.Count == 0)
        {
            context.Note("no link is up.");
        }

        return 0;
    }

    private static string Describe(PeerInfo peer)
    {
        var person = peer.Identity is null ? People.Dim("nobody known") : People.Name(peer.Identity, peer.Name ?? string.Empty);
        var way = peer.Direction == "out" ? "to" : "from";
        var place = People.Text(peer.Address is null ? "over a stream" : $"{way} {peer.Address}");
        var shared = peer.Conversations.Count == 1 ? "1 conversation" : $"{peer.Conversations.Count} conversations";
        return $"{People.Dim(People.Short(peer.Node))} {person} {place}, {shared}";
    }
}
