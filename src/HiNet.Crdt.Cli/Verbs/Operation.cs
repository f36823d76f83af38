using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.Cli.Verbs;

/// <summary>A verb that is one operation: its result is an id and a state.</summary>
internal static class Operation
{
    public static async Task<int> RunAsync(
        VerbContext context,
        Func<INodeApi, CancellationToken, Task<SentInfo>> run,
        CancellationToken cancellationToken)
    {
        var session = await context.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        Print(context, await run(session.Api, cancellationToken).ConfigureAwait(false));
        return 0;
    }

    public static void Print(VerbContext context, SentInfo sent) =>
        context.Print(sent, LocalApiJson.Shared.SentInfo, s => $"{People.Dim(s.Id)} {s.State}");
}
