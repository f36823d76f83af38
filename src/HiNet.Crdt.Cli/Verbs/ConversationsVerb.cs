using System.CommandLine;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>conversations</c>: the list.</summary>
internal static class ConversationsVerb
{
    public static Command Define(CliApplication application) =>
        application.Verb("conversations", "List the conversations, the most recently active first.", RunAsync);

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var session = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        foreach (var conversation in await session.Api.GetConversationsAsync(cancellationToken).ConfigureAwait(false))
        {
            context.Print(conversation, LocalApiJson.Shared.ConversationInfo, Describe);
        }

        return 0;
    }

    private static string Describe(ConversationInfo conversation)
    {
        var unread = conversation.Unread > 0 ? $" [bold]{conversation.Unread} unread[/]" : string.Empty;
        var last = conversation.Last is null
            ? string.Empty
            : $" {People.Name(conversation.Last.Author, conversation.Last.AuthorName)}: {People.Text(Cut(conversation.Last.Text ?? "deleted"))}";
        return $"{People.Dim(People.Short(conversation.Conversation))} {conversation.Kind,-6} [bold]{People.Text(conversation.Name)}[/]"
            + $" {People.Dim($"({conversation.Members.Count})")}{unread}{last}";
    }

    private static string Cut(string text) => text.Length > 60 ? text[..60] + "…" : text;
}
