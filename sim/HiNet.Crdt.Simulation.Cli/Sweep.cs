using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary>
/// Shares seeds among processes of this same program, which write a line of JSON a run; then runs a twentieth of the seeds again
/// in fresh processes and compares the trace hashes. A second run in the same process would not notice what differs from process
/// to process.
/// </summary>
internal sealed class Sweep(FileInfo? file, ulong first, ulong last, int shard, int shards)
{
    private const int RepeatEvery = 20;

    /// <summary>A worker's whole life: each of its seeds, one line each.</summary>
    public int Work()
    {
        var scenario = file is null ? null : CommonOptions.ReadScenario(file);
        foreach (var seed in SeedsOf(first, last, shard, shards))
        {
            var report = scenario is null ? ScenarioRunner.RunSwarm(seed) : ScenarioRunner.Run(scenario, seed, Name);
            Console.Out.WriteLine(ReportJson.Write(report));
            Console.Out.Flush();
        }

        return 0;
    }

    public int Run(int processes, bool json, FailureStore store)
    {
        var scenario = file is null ? null : CommonOptions.ReadScenario(file);
        var summary = new SweepSummary(Name, CountSeeds(), !json, new SweepFailures(Name, scenario, store));
        var parts = (int)Math.Min((ulong)processes, Math.Max(1, CountSeeds()));
        RunWorkers(Enumerable.Range(0, parts).Select(part => Arguments(first, last, ((part * shards) + shard, parts * shards))), summary.Add);
        var step = shards * RepeatEvery;
        RunWorkers(Enumerable.Range(0, parts).Select(part => Arguments(first, last, ((part * step) + shard, parts * step))), summary.Compare);
        return summary.Finish(json);
    }

    private string Name => file is null ? "swarm" : Path.GetFileNameWithoutExtension(file.Name);

    // Seed number i of the range belongs to part 1 + i mod N.
    private static IEnumerable<ulong> SeedsOf(ulong first, ulong last, int shard, int shards)
    {
        for (var seed = first + (ulong)(shard - 1); seed <= last && seed >= first; seed += (ulong)shards)
        {
            yield return seed;
            if (last - seed < (ulong)shards)
            {
                yield break;
            }
        }
    }

    private ulong CountSeeds()
    {
        var span = last - first;
        return span < (ulong)(shard - 1) ? 0 : 1 + ((span - (ulong)(shard - 1)) / (ulong)shards);
    }

    private List<string> Arguments(ulong from, ulong to, (int Shard, int Shards) part)
    {
        List<string> arguments = ["sweep", "--worker", "--seeds", string.Create(CultureInfo.InvariantCulture, $"{from}..{to}"), "--shard", $"{part.Shard}/{part.Shards}"];
        if (file is not null)
        {
            arguments.Insert(1, file.FullName);
        }

        return arguments;
    }

    private static void RunWorkers(IEnumerable<List<string>> each, Action<JsonElement> add)
    {
        var workers = each.Select(Start).ToList();
        var gate = new Lock();
        var readers = workers.Select(worker => new Thread(() => Read(worker, gate, add))).ToList();
        readers.ForEach(reader => reader.Start());
        readers.ForEach(reader => reader.Join());
        foreach (var worker in workers)
        {
            worker.WaitForExit();
            if (worker.ExitCode != 0)
            {
                throw new HiNetException($"a worker process ended with exit code {worker.ExitCode}: run its seeds with --processes 1 to see why.");
            }
        }
    }

    private static void Read(Process worker, Lock gate, Action<JsonElement> add)
    {
        while (worker.StandardOutput.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            lock (gate)
            {
                add(document.RootElement);
            }
        }
    }

    private static Process Start(List<string> arguments)
    {
        // Run as "dotnet hinet-sim.dll", the process is dotnet's and the program its first argument.
        var host = Environment.ProcessPath!;
        var start = new ProcessStartInfo(host) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "hinet-sim.dll"));
        }

        // A world's garbage is short-lived and plentiful: with room for 64 MiB of it, collections are fewer and find less alive.
        start.Environment.TryAdd("DOTNET_GCgen0size", "0x4000000");
        arguments.ForEach(start.ArgumentList.Add);
        return Process.Start(start)!;
    }
}
