using System.CommandLine;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>status</c>: the node's health, or a conversation's clock and hash.</summary>
internal static class StatusVerb
{
    public static Command Define(CliApplication application)
    {
        var conversation = Arguments.Conversation();
        conversation.Arity = ArgumentArity.ZeroOrOne;
        return application.Verb(
            "status",
            "Print the node's health, or a conversation's frontier and state hash.",
            (context, cancellationToken) => RunAsync(context, context.Value(conversation), cancellationToken),
            conversation);
    }

    private static async Task<int> RunAsync(VerbContext context, string? conversation, CancellationToken cancellationToken)
    {
        var session = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        if (conversation is null)
        {
            var status = await session.Api.GetStatusAsync(cancellationToken).ConfigureAwait(false);
            context.Print(status, LocalApiJson.Shared.NodeStatusInfo, s => Describe(s, session.IsRunning));
        }
        else
        {
            var status = await session.Api.GetConversationStatusAsync(conversation, cancellationToken).ConfigureAwait(false);
            context.Print(status, LocalApiJson.Shared.ConversationStatusInfo, Describe);
        }

        return 0;
    }

    private static string Describe(NodeStatusInfo status, bool isRunning) => string.Join('\n', new[]
    {
        $"identity      {status.Identity}",
        $"device        {status.Device}",
        $"node          {status.Node} {(isRunning ? $"running, listening on {status.Listen ?? "nothing"}" : "not running")}",
        $"peers         {status.Peers.Count}",
        $"conversations {status.Conversations}",
        $"entries       {status.Entries}",
        status.Problem is null ? "[green]all is well[/]" : $"[red]{People.Text(status.Problem)}[/]",
    });

    private static string Describe(ConversationStatusInfo status)
    {
        var heads = status.Frontier.SelectMany(device => device.Value.Select(head =>
            $"{People.Dim(People.Short(device.Key))} {head.Seq,8} {People.Dim(head.Head)}"));
        var waiting = status.Parked + status.Missing > 0 ? $", {status.Parked} parked, {status.Missing} missing" : string.Empty;
        return $"{status.Entries} entries{waiting}\nstate {status.StateHash}\n{string.Join('\n', heads)}";
    }
}
