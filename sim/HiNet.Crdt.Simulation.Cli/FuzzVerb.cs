using System.CommandLine;
using HiNet.Crdt.Simulation.Failures;
using HiNet.Crdt.Simulation.Fuzzing;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary><c>fuzz TARGET [--seed N] [--runs N] [--seeds A..B] [--seconds S] [--threads N] [--failures DIR] [--json]</c>, or <c>fuzz --replay FILE [--json]</c>.</summary>
internal static class FuzzVerb
{
    private const string All = "all";
    private const int MostSeconds = 1_000_000;
    private const int MostRuns = 1_000_000_000;
    private const int Runs = 1_000;

    public static Command Create()
    {
        var seeds = new Option<(ulong First, ulong Last)?>("--seeds")
        {
            Description = "The seeds A..B, both ends included, each a case of each target, in place of --seed and --runs.",
            CustomParser = result =>
            {
                if (Seeds.TryParseRange(result.Tokens[0].Value, out var first, out var last))
                {
                    return (first, last);
                }

                result.AddError($"--seeds {result.Tokens[0].Value} is no range: give A..B, two decimals below 2^64 with A not above B.");
                return null;
            },
        };
        var target = new Argument<string?>("target")
        {
            Description = $"What cases are given to: {string.Join(", ", Fuzzer.Targets)}, or {All}; they are listed when it is left out.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var seed = CommonOptions.Seed();
        var runs = CommonOptions.Count("--runs", $"How many cases of each target, from that seed on; {Runs:N0} when left out.", 1, MostRuns);
        runs.DefaultValueFactory = static _ => Runs;
        target.AcceptOnlyFromAmong([.. Fuzzer.Targets, All]);
        var seconds = CommonOptions.Count("--seconds", "Begin no case after so many seconds; all seeds are run when left out.", 1, MostSeconds);
        var threads = CommonOptions.Count("--threads", "How many threads share the cases; one for each core when left out.", 1, 1_024);
        threads.DefaultValueFactory = static _ => Environment.ProcessorCount;
        var replay = new Option<FileInfo?>("--replay") { Description = "Run the case of a saved failure again, and nothing else." };
        var json = CommonOptions.Json();
        var failures = CommonOptions.Failures();
        var command = new Command("fuzz", "Gives parts of the engine hostile input that is well formed, from seeds, and shrinks what goes wrong.")
        {
            target, seed, runs, seeds, seconds, threads, replay, json, failures,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(replay) is { } file)
            {
                return Replay(file, parsed.GetValue(json));
            }

            if (parsed.GetValue(target) is not { } name)
            {
                return List(parsed.GetValue(json));
            }

            var first = parsed.GetValue(seed);
            var range = parsed.GetValue(seeds) ?? (first, first + (ulong)parsed.GetValue(runs) - 1);
            IReadOnlyList<string> targets = name == All ? Fuzzer.Targets : [name];
            var limit = parsed.GetValue(seconds) is > 0 and var given ? TimeSpan.FromSeconds(given) : (TimeSpan?)null;
            var sweep = new FuzzSweep(targets, range.Item1, range.Item2, limit, new FuzzFailureStore(parsed.GetRequiredValue(failures)));
            return sweep.Run(parsed.GetValue(threads), parsed.GetValue(json));
        });
        return command;
    }

    private static int List(bool json)
    {
        foreach (var target in Fuzzer.Targets.Append(All))
        {
            Console.Out.WriteLine(json ? $"{{\"target\":\"{target}\"}}" : target);
        }

        return 0;
    }

    private static int Replay(FileInfo file, bool json)
    {
        FuzzFailure failure;
        try
        {
            failure = FuzzFailure.Parse(CommonOptions.ReadFile(file, "a fuzz failure"));
        }
        catch (FailureFormatException problem)
        {
            throw new HiNetException($"{file}, {problem.Message}");
        }

        var report = Fuzzer.Replay(failure);
        if (json)
        {
            Console.Out.WriteLine(FuzzJson.Write(report, failure.IsShownBy(report)));
        }
        else
        {
            Console.Out.WriteLine($"{ReportJson.NameOf(report.Result)}: {report.Target}, seed {report.Seed}, {report.Operations} operations, hash {ReportJson.HashOf(report.Hash)}");
        }

        if (report.Problem is not null)
        {
            Console.Error.WriteLine($"[{report.Oracle}] {report.Problem}");
        }

        Console.Error.WriteLine(
            failure.IsShownBy(report) ? $"Reproduced: {failure.Oracle} objects again."
            : report.Oracle is { } other ? $"Not reproduced: {other} objects now, {failure.Oracle} did."
            : $"Not reproduced: {failure.Oracle} has nothing to object to in this run.");
        return (int)report.Result;
    }
}
