using System.CommandLine;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>history</c>: messages in conversation order.</summary>
internal static class HistoryVerb
{
    // How many messages back a quotation is still looked up; further back only the id is shown.
    private const int Quotable = 5_000;

    public static Command Define(CliApplication application)
    {
        var conversation = Arguments.Conversation();
        var limit = Arguments.Number("--limit", "Only the newest N.", 1, int.MaxValue);
        var before = new Option<string?>("--before") { Description = "Only what stands before this message.", HelpName = "ID" };
        return application.Verb(
            "history",
            "Print messages in conversation order, the oldest first.",
            (context, cancellationToken) => RunAsync(
                context, context.Value(conversation), context.Value(limit), context.Value(before), cancellationToken),
            conversation, limit, before);
    }

    private static async Task<int> RunAsync(VerbContext context, string conversation, int? limit, string? before, CancellationToken cancellationToken)
    {
        before = before is null ? null : Arguments.MessageId(before);
        var session = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var recent = new Dictionary<string, MessageInfo>(StringComparer.Ordinal);
        await foreach (var message in session.Api.GetHistoryAsync(conversation, limit, before, cancellationToken).ConfigureAwait(false))
        {
            context.Print(
                message,
                LocalApiJson.Shared.MessageInfo,
                m => MessageLine.Markup(m, m.ReplyTo is null ? null : recent.GetValueOrDefault(m.ReplyTo), withState: true));
            if (!context.IsJson && recent.Count < Quotable)
            {
                recent[message.Id] = message;
            }
        }

        return 0;
    }
}
