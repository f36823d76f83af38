using System.CommandLine;
using System.Runtime.CompilerServices;
using HiNet.Crdt.LocalApi;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>send</c>: one message, or one for each line of standard input.</summary>
internal static class SendVerb
{
    // Far above the longest message, which the node refuses with a sentence of its own.
    private const int LongestLine = 1 << 20;

    public static Command Define(CliApplication application)
    {
        var conversation = Arguments.Conversation();
        var text = new Argument<string>("TEXT") { Description = "1 to 65,536 bytes of text, or - for one message a line of standard input." };
        return application.Verb(
            "send",
            "Send a message.",
            (context, cancellationToken) => context.Value(text) == "-"
                ? SendLinesAsync(context, context.Value(conversation), cancellationToken)
                : Operation.RunAsync(
                    context, (api, ct) => api.SendAsync(context.Value(conversation), context.Value(text), ct), cancellationToken),
            conversation, text);
    }

    private static async Task<int> SendLinesAsync(VerbContext context, string conversation, CancellationToken cancellationToken)
    {
        var session = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var results = session.Api.SendManyAsync(conversation, LinesAsync(context.Environment.Input, cancellationToken), cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        await using var __ = results.ConfigureAwait(false);
        while (true)
        {
            var next = results.MoveNextAsync().AsTask();
            if (!next.IsCompleted)
            {
                // Whoever reads the results sees them before the next line is typed.
                context.Flush();
            }

            if (!await next.ConfigureAwait(false))
            {
                return 0;
            }

            Operation.Print(context, results.Current);
        }
    }

    private static async IAsyncEnumerable<string> LinesAsync(Stream input, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in LineReader.ReadLinesAsync(input, LongestLine, cancellationToken).ConfigureAwait(false))
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return line;
            }
        }
    }
}
