using System.CommandLine;
using HiNet.Crdt.Simulation.Failures;
using HiNet.Crdt.Simulation.Scenarios;
using HiNet.Crdt.Simulation.Shrinking;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary><c>shrink FAILURE.json [--out FILE] [--runs N] [--json]</c>: leaves out of a failure what it does not need.</summary>
internal static class ShrinkVerb
{
    public static Command Create()
    {
        var file = CommonOptions.Failure();
        var output = new Option<FileInfo?>("--out") { Description = "Where the smaller failure goes; beside the given one, ending in .small.json, when left out." };
        var runs = CommonOptions.Count("--runs", "Runs at most, 1 to 1,000,000.", 1, 1_000_000);
        runs.DefaultValueFactory = _ => 2_000;
        var json = CommonOptions.Json();
        var command = new Command("shrink", "Makes a saved failure smaller: fewer operations, faults and nodes, shorter times.") { file, output, runs, json };
        command.SetAction(parsed =>
        {
            var given = parsed.GetRequiredValue(file);
            return Run(given, parsed.GetValue(output) ?? new FileInfo(Path.ChangeExtension(given.FullName, ".small.json")), parsed.GetValue(runs), parsed.GetValue(json));
        });
        return command;
    }

    private static int Run(FileInfo file, FileInfo output, int runs, bool json)
    {
        var failure = CommonOptions.ReadFailure(file);
        CommonOptions.CheckOutput(output);
        if (failure.Scenario is { Workload: not null } drawn)
        {
            failure = failure with { Scenario = ExplicitScenario.Of(drawn, failure.Seed) };
        }

        using var progress = new ShrinkProgressLine(!json);
        var result = new Shrinker(runs, progress).Shrink(failure);
        progress.Dispose();
        if (result.IsReproduced)
        {
            File.WriteAllText(output.FullName, FailureWriter.Write(result.Failure));
        }

        var (nodes, operations, faults) = SizeOf(result.Failure);
        if (json)
        {
            Console.Out.WriteLine(ReportJson.Write(result.Report, writer =>
            {
                writer.WriteBoolean("reproduced", result.IsReproduced);
                writer.WriteBoolean("minimal", result.IsMinimal);
                writer.WriteNumber("runs", result.Runs);
                writer.WriteNumber("nodes", nodes);
                writer.WriteNumber("operations", operations);
                writer.WriteNumber("faults", faults);
                writer.WriteString("file", result.IsReproduced ? output.FullName : null);
            }));
        }
        else if (result.IsReproduced)
        {
            ReportText.Write(result.Report, null);
        }

        if (!result.IsReproduced)
        {
            Console.Error.WriteLine($"Not reproduced: {failure.Invariant ?? ReportJson.NameOf(failure.Result)} is not broken in this build, so there is nothing to shrink. Nothing was written.");
            return (int)result.Report.Result;
        }

        Console.Error.WriteLine(
            $"{Size(failure)} became {Size(result.Failure)} in {result.Runs:N0} runs."
            + (result.IsMinimal ? string.Empty : " The runs were used up: give more with --runs."));
        FailureStore.Tell(result.Failure, output.FullName);
        return (int)result.Report.Result;
    }

    private static string Size(Failure failure)
    {
        var (nodes, operations, faults) = SizeOf(failure);
        return failure.Scenario is null
            ? $"{Count(operations, "entr", "y", "ies")} of {Count(nodes, "author")}"
            : $"{Count(operations, "operation")} and {Count(faults, "fault")} on {Count(nodes, "node")}";
    }

    private static string Count(int number, string noun, string one = "", string several = "s") => $"{number:N0} {noun}{(number == 1 ? one : several)}";

    private static (int Nodes, int Operations, int Faults) SizeOf(Failure failure) => failure.Scenario is { } scenario
        ? (scenario.Nodes, scenario.Operations.Count, scenario.Faults.Count)
        : (failure.Trace!.History.Authors.Count, failure.Trace.History.Entries.Count, 0);
}
