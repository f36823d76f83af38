using System.CommandLine;
using HiNet.Crdt.Simulation.Failures;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary><c>replay FAILURE.json [--json] [--log]</c>: runs a saved failure again and says whether it is still there.</summary>
internal static class ReplayVerb
{
    public static Command Create()
    {
        var file = CommonOptions.Failure();
        var json = CommonOptions.Json();
        var log = new Option<bool>("--log") { Description = "Tell of each transition on stderr, one column a node." };
        var command = new Command("replay", "Runs a saved failure again.") { file, json, log };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file), parsed.GetValue(json), parsed.GetValue(log)));
        return command;
    }

    private static int Run(FileInfo file, bool json, bool log)
    {
        var failure = CommonOptions.ReadFailure(file);
        if (log && failure.Scenario is null)
        {
            Console.Error.WriteLine("The replay of a causal history has no transitions to tell of.");
        }

        var report = FailureReplay.Run(failure, log && failure.Scenario is { } scenario ? new ColumnLog(scenario.Nodes).Write : null);
        if (json)
        {
            Console.Out.WriteLine(ReportJson.Write(report, writer =>
            {
                writer.WriteBoolean("reproduced", failure.IsShownBy(report));
                writer.WriteString("recordedInvariant", failure.Invariant);
                writer.WriteString("recordedTraceHash", ReportJson.HashOf(failure.TraceHash));
            }));
        }
        else
        {
            ReportText.Write(report, null);
        }

        Console.Error.WriteLine(Verdict(failure, report));
        // A run that no longer breaks went another way: nothing is to be said of its trace.
        if (report.TraceHash != failure.TraceHash && failure.IsShownBy(report))
        {
            Console.Error.WriteLine(
                $"The trace hash differs: {ReportJson.HashOf(failure.TraceHash)} was recorded by version {failure.Product}, commit {failure.Commit ?? "unknown"}, "
                + $"and this run has {ReportJson.HashOf(report.TraceHash)}. The build has changed since, or the run is not deterministic.");
        }

        return (int)report.Result;
    }

    private static string Verdict(Failure failure, RunReport report)
    {
        var before = failure.Invariant ?? ReportJson.NameOf(failure.Result);
        return failure.IsShownBy(report) ? $"Reproduced: {before} is broken again."
            : FailureStore.IsFailure(report.Result) ? $"Not reproduced: {report.Invariant ?? ReportJson.NameOf(report.Result)} is broken now, {before} was."
            : $"Not reproduced: {before} holds in this run.";
    }
}
