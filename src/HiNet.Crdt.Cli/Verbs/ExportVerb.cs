using System.CommandLine;
using System.Text.Json;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>export</c>: writes the lines of <c>history</c> to a file.</summary>
internal static class ExportVerb
{
    public static Command Define(CliApplication application)
    {
        var conversation = Arguments.Conversation();
        var file = new Argument<string>("FILE.jsonl") { Description = "Written whole or not at all; an existing file is replaced." };
        return application.Verb(
            "export",
            "Write the history to a file, one JSON object a line.",
            (context, cancellationToken) => RunAsync(context, context.Value(conversation), context.Value(file), cancellationToken),
            conversation, file);
    }

    private static async Task<int> RunAsync(VerbContext context, string conversation, string path, CancellationToken cancellationToken)
    {
        var session = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var total = (await session.Api.GetConversationStatusAsync(conversation, cancellationToken).ConfigureAwait(false)).Entries;
        var full = Path.GetFullPath(path);
        var partial = $"{full}.{Path.GetRandomFileName()}.partial";
        var count = 0L;
        try
        {
            // What was said is for this user's eyes, wherever the file lies: nobody else can have made it, or a link of its name, beforehand.
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 1 << 16 };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            var stream = new FileStream(partial, options);
            await using (stream.ConfigureAwait(false))
            {
                await ProgressBar.RunAsync(
                    context.Environment,
                    "exporting",
                    total,
                    async report =>
                    {
                        var history = session.Api.GetHistoryAsync(conversation, cancellationToken: cancellationToken);
                        await foreach (var message in history.ConfigureAwait(false))
                        {
                            JsonSerializer.Serialize(stream, message, LocalApiJson.Shared.MessageInfo);
                            stream.WriteByte((byte)'\n');
                            count++;
                            report(count, count);
                        }
                    }).ConfigureAwait(false);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, full, overwrite: true);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new HiNetException($"{full} cannot be written: {e.Message}", e);
        }
        finally
        {
            File.Delete(partial);
        }

        context.Print(new EntryCount(count), CliJson.Shared.EntryCount, c => $"{c.Entries} messages exported to {People.Text(full)}");
        return 0;
    }
}
