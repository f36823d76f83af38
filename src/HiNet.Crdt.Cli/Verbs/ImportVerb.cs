using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>import</c>: makes each line's text a message of this device.</summary>
internal static class ImportVerb
{
    private const int LongestLine = 1 << 20;

    public static Command Define(CliApplication application)
    {
        var conversation = Arguments.Conversation();
        var file = new Argument<string>("FILE.jsonl") { Description = "One JSON object a line; its 'text' is sent." };
        return application.Verb(
            "import",
            "Send the text of each line of a file.",
            (context, cancellationToken) => RunAsync(context, context.Value(conversation), context.Value(file), cancellationToken),
            conversation, file);
    }

    private static async Task<int> RunAsync(VerbContext context, string conversation, string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new HiNetException($"There is no file {path}.");
        }

        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        await using var _ = stream.ConfigureAwait(false);
        var session = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = session.ConfigureAwait(false);
        var count = 0L;
        try
        {
            await ProgressBar.RunAsync(
                context.Environment,
                "importing",
                stream.Length,
                async report =>
                {
                    var texts = TextsAsync(stream, cancellationToken);
                    await foreach (var sent in session.Api.SendManyAsync(conversation, texts, cancellationToken).ConfigureAwait(false))
                    {
                        count++;
                        report(stream.Position, count);
                    }
                }).ConfigureAwait(false);
        }
        catch (HiNetException e) when (count > 0)
        {
            throw new HiNetException($"{count} messages were imported, then: {e.Message}", e);
        }

        context.Print(new EntryCount(count), CliJson.Shared.EntryCount, c => $"{c.Entries} messages imported");
        return 0;
    }

    private static async IAsyncEnumerable<string> TextsAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var number = 0L;
        await foreach (var line in LineReader.ReadLinesAsync(stream, LongestLine, cancellationToken).ConfigureAwait(false))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line) && Text(line, number) is { Length: > 0 } text)
            {
                yield return text;
            }
        }
    }

    private static string? Text(string line, long number)
    {
        try
        {
            return JsonSerializer.Deserialize(line, CliJson.Shared.ImportLine)?.Text;
        }
        catch (JsonException e)
        {
            throw new HiNetException($"Line {number} is not a JSON object with a 'text'; nothing from it on was imported.", e);
        }
    }
}
