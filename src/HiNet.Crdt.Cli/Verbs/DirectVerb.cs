using System.CommandLine;
using HiNet.Crdt.LocalApi;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>direct</c>: opens the direct conversation.</summary>
internal static class DirectVerb
{
    public static Command Define(CliApplication application)
    {
        var identity = Arguments.Identity();
        return application.Verb(
            "direct",
            "Open the direct conversation with a contact, or, with your own identity, the note to self.",
            (context, cancellationToken) => RunAsync(context, context.Value(identity), cancellationToken),
            identity);
    }

    private static async Task<int> RunAsync(VerbContext context, string identity, CancellationToken cancellationToken)
    {
        var session = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var conversation = await session.Api.OpenDirectAsync(identity, cancellationToken).ConfigureAwait(false);
        context.Print(conversation, LocalApiJson.Shared.ConversationReference, c => c.Conversation);
        return 0;
    }
}
