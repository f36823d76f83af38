using System.CommandLine;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>watch</c>: replays events and follows them.</summary>
internal static class WatchVerb
{
    public static Command Define(CliApplication application)
    {
        var conversation = Arguments.Conversation();
        conversation.Arity = ArgumentArity.ZeroOrOne;
        conversation.Description += " Default: all.";
        var from = new Option<string?>("--from")
        {
            Description = "Go on behind this cursor. Default: from the first event; 'now' for live events only. Without CONV: ID:CURSOR for each conversation, with commas between.",
            HelpName = "CURSOR",
        };
        return application.Verb(
            "watch",
            "Print events: first what happened, then what happens, until SIGINT or SIGTERM.",
            (context, cancellationToken) => RunAsync(context, context.Value(conversation), context.Value(from), cancellationToken),
            conversation, from);
    }

    private static async Task<int> RunAsync(VerbContext context, string? conversation, string? from, CancellationToken cancellationToken)
    {
        if (from is not null and not "now" && !EventCursor.TryParse(from, out EventCursor _) && !(conversation is null && from.Contains(':', StringComparison.Ordinal)))
        {
            throw new UsageException($"--from: '{from}' is not a cursor; give one that an event carried, or 'now'.");
        }

        var session = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        if (!session.IsRunning)
        {
            context.Note("no node runs on this home: this shows what is stored; start 'hinet run' for what happens.");
        }

        var feed = await session.Api.WatchAsync(conversation, from, cancellationToken).ConfigureAwait(false);
        await using var __ = feed.ConfigureAwait(false);
        try
        {
            await EventPrinter.PrintAsync(context, session.Api, feed, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 0;
        }

        throw new HiNetException("The node has stopped; start it again with 'hinet run'.");
    }
}
