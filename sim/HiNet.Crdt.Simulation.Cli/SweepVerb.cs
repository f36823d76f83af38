using System.CommandLine;
using System.Globalization;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary><c>sweep [SCENARIO.json] --seeds A..B [--processes P] [--shard I/N]</c>: many seeds, in several processes.</summary>
internal static class SweepVerb
{
    public static Command Create()
    {
        var scenario = new Argument<FileInfo?>("scenario") { Description = "A scenario's JSON file; one made from each seed when left out.", Arity = ArgumentArity.ZeroOrOne };
        var seeds = new Option<(ulong First, ulong Last)>("--seeds")
        {
            Description = "The seeds A..B, both ends included.",
            Required = true,
            CustomParser = result =>
            {
                if (Seeds.TryParseRange(result.Tokens[0].Value, out var first, out var last))
                {
                    return (first, last);
                }

                result.AddError($"--seeds {result.Tokens[0].Value} is no range: give A..B, two decimals below 2^64 with A not above B.");
                return default;
            },
        };
        var processes = CommonOptions.Count("--processes", "How many processes share the seeds; one for each core when left out.", 1, 1_024);
        processes.DefaultValueFactory = _ => Environment.ProcessorCount;
        var shard = new Option<(int Shard, int Shards)>("--shard")
        {
            Description = "Run only one of N equal parts, I/N with I from 1; all when left out.",
            CustomParser = result =>
            {
                if (Seeds.TryParseShard(result.Tokens[0].Value, out var part, out var parts))
                {
                    return (part, parts);
                }

                result.AddError(string.Create(CultureInfo.InvariantCulture, $"--shard {result.Tokens[0].Value} is no part: give I/N with I from 1 to N, and N at most {Seeds.MostShards:N0}."));
                return default;
            },
        };
        var worker = new Option<bool>("--worker") { Hidden = true };
        var json = CommonOptions.Json();
        var failures = CommonOptions.Failures();
        var command = new Command("sweep", "Runs many seeds, and a twentieth of them twice, in two processes.") { scenario, seeds, processes, shard, worker, json, failures };
        command.SetAction(parsed =>
        {
            var range = parsed.GetValue(seeds);
            var part = parsed.GetValue(shard) is { Shards: > 0 } given ? given : (Shard: 1, Shards: 1);
            var sweep = new Sweep(parsed.GetValue(scenario), range.First, range.Last, part.Shard, part.Shards);
            return parsed.GetValue(worker)
                ? sweep.Work()
                : sweep.Run(parsed.GetValue(processes), parsed.GetValue(json), new FailureStore(parsed.GetRequiredValue(failures)));
        });
        return command;
    }
}
