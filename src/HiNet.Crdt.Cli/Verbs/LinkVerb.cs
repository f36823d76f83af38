using System.CommandLine;
using HiNet.Crdt.Transport;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary><c>link --stdio</c>: a link over standard input and output.</summary>
internal static class LinkVerb
{
    public static Command Define(CliApplication application)
    {
        var stdio = new Option<bool>("--stdio") { Description = "Use standard input and output as the link." };
        return application.Verb(
            "link",
            "Carry a link of this home's node over standard input and output, for netcat or ssh.",
            (context, cancellationToken) => context.Value(stdio)
                ? RunAsync(context, cancellationToken)
                : throw new UsageException("Say what the link runs over: hinet link --stdio."),
            stdio);
    }

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var session = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var stream = new DuplexStream(context.Environment.Input, context.Environment.Output);
        await using var __ = stream.ConfigureAwait(false);
        try
        {
            await session.Api.AttachAsync(stream, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The other side closed, or this one was told to stop: the ordinary ends of a link.
        }

        return 0;
    }
}
