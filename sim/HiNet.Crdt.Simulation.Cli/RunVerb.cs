using System.CommandLine;
using HiNet.Crdt.Simulation.Failures;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary><c>run [SCENARIO.json] [--seed N] [--json] [--log]</c>: one run, without a scenario of the world that a sweep draws from the seed.</summary>
internal static class RunVerb
{
    public static Command Create()
    {
        var scenario = new Argument<FileInfo?>("scenario")
        {
            Description = "A scenario's JSON file; without one, the world that a sweep draws from the seed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var seed = CommonOptions.Seed();
        var json = CommonOptions.Json();
        var log = new Option<bool>("--log") { Description = "Tell of each transition on stderr, one column a node." };
        var failures = CommonOptions.Failures();
        var command = new Command("run", "Runs one scenario once.") { scenario, seed, json, log, failures };
        command.Validators.Add(result =>
        {
            if (result.GetResult(scenario) is not { Tokens.Count: > 0 } && result.GetResult(seed) is not { Implicit: false })
            {
                result.AddError("Give a scenario's JSON file, or with --seed the number of a world that a sweep draws.");
            }
        });
        command.SetAction(parsed => Run(
            parsed.GetValue(scenario), parsed.GetValue(seed), parsed.GetValue(json), parsed.GetValue(log), new FailureStore(parsed.GetRequiredValue(failures))));
        return command;
    }

    private static int Run(FileInfo? file, ulong seed, bool json, bool log, FailureStore store)
    {
        var scenario = file is null ? ExplicitScenario.FromSeed(seed) : CommonOptions.ReadScenario(file);
        store.Check();
        var name = file is null ? "swarm" : Path.GetFileNameWithoutExtension(file.Name);
        var report = ScenarioRunner.Run(scenario, seed, name, log ? new ColumnLog(scenario.Nodes).Write : null);
        var isFailure = FailureStore.IsFailure(report.Result);
        if (json)
        {
            Console.Out.WriteLine(ReportJson.Write(report));
        }
        else
        {
            ReportText.Write(report, isFailure ? null : $"hinet-sim run {(file is null ? "" : FailureStore.Quoted(file.ToString()) + " ")}--seed {seed}");
        }

        if (isFailure)
        {
            store.SaveAndTell(Failure.Of(report, scenario) with { FoundBy = $"hinet-sim run {(file is null ? "" : file.Name + " ")}--seed {seed}" });
        }

        return (int)report.Result;
    }
}
