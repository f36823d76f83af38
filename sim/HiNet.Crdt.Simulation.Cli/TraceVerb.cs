using System.CommandLine;
using HiNet.Crdt.Simulation.Failures;
using HiNet.Crdt.Simulation.Traces;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary><c>trace FILE.jsonl [--seed N]</c>: a causal history, each author a device.</summary>
internal static class TraceVerb
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "One JSON object a line: id, parents, author, time, text." };
        var seed = CommonOptions.Seed();
        var json = CommonOptions.Json();
        var replicas = CommonOptions.Count("--replicas", "How many replicas receive the history, 2 to 64.", 2, 64);
        replicas.DefaultValueFactory = _ => 3;
        var failures = CommonOptions.Failures();
        var command = new Command("trace", "Replays a causal history and checks convergence and order.") { file, seed, replicas, json, failures };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(file), parsed.GetValue(seed), parsed.GetValue(replicas), parsed.GetValue(json), new FailureStore(parsed.GetRequiredValue(failures))));
        return command;
    }

    private static int Run(FileInfo file, ulong seed, int replicas, bool json, FailureStore store)
    {
        CausalTrace trace;
        try
        {
            using var reader = new StringReader(CommonOptions.ReadFile(file, "a trace"));
            trace = CausalTraceReader.Read(reader);
        }
        catch (TraceFormatException problem)
        {
            throw new HiNetException($"{file}, {problem.Message}");
        }

        store.Check();
        var report = TraceReplay.Run(trace, seed, replicas, Path.GetFileNameWithoutExtension(file.Name));
        if (json)
        {
            Console.Out.WriteLine(ReportJson.Write(report));
        }
        else
        {
            ReportText.Write(report, null);
        }

        if (FailureStore.IsFailure(report.Result))
        {
            store.SaveAndTell(
                Failure.Of(report, new FailedTrace(trace, replicas)) with { FoundBy = $"hinet-sim trace {file.Name} --seed {seed} --replicas {replicas}" });
        }

        return (int)report.Result;
    }
}
