using System.CommandLine;
using System.Diagnostics;
using HiNet.Crdt.Cli.Output;
using Spectre.Console;

namespace HiNet.Crdt.Cli.Demo;

/// <summary><c>demo</c>: three people in three processes on this machine, from the first invite to equal state hashes.</summary>
internal static class DemoVerb
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    public static Command Define(CliApplication application) => application.Verb(
        "demo",
        "Show it all with three nodes on this machine: talk, crash, separate, come back, and hold the same.",
        RunAsync);

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Bound);

        // With --json the story goes to standard error, and the hashes alone to standard output.
        var console = context.IsJson ? context.Environment.ConsoleForProgress() : context.Console;
        void Say(string markup)
        {
            console.MarkupLine(markup);
            context.Flush();
        }

        var stage = new DemoStage();
        await using var _ = stage.ConfigureAwait(false);
        try
        {
            var play = new DemoPlay(stage, Say);
            await play.RunAsync(bounded.Token).ConfigureAwait(false);
            foreach (var state in play.States)
            {
                if (context.IsJson)
                {
                    context.Print(state, CliJson.Shared.DemoState, s => s.StateHash);
                }
            }

            Say(string.Empty);
            Say($"[green]Everything held[/], in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s.");
            return 0;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HiNetException($"The demo did not end within {Bound.TotalSeconds:F0} seconds.{stage.Complaints()}");
        }
        catch (HiNetException e)
        {
            throw new HiNetException(e.Message + stage.Complaints(), e);
        }
    }
}
