using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
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
    private const int WrongUsage = 2;

    private readonly Lock _gate = new();
    private readonly List<Process> _workers = [];
    private bool _isStopped;

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
        store.Check();
        if (CountSeeds() == 0)
        {
            throw new HiNetException($"none of the seeds {first}..{last} belongs to part {shard}/{shards}: there is nothing to run.");
        }

        var summary = new SweepSummary(Name, CountSeeds(), !json, new SweepFailures(Name, scenario, store));
        var parts = (int)Math.Min((ulong)processes, CountSeeds());
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        RunWorkers(parts, shards, summary.Add, summary.Died);
        RunWorkers(parts, shards * RepeatEvery, summary.Compare, summary.Died);
        return summary.Finish(json, _isStopped);
    }

    // What has been run so far is told of; a person who wants none of it can ask a second time. Programs that bound a sweep may send
    // their signal twice without meaning that.
    private void Stop(PosixSignalContext context)
    {
        lock (_gate)
        {
            context.Cancel = !_isStopped || context.Signal == PosixSignal.SIGTERM;
            _isStopped = true;
            _workers.ForEach(worker => worker.Kill());
        }
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

    // A worker that dies takes one seed with it, which is told of, and those that it would have run.
    private void RunWorkers(int parts, int step, Action<JsonElement> add, Action<ulong, int> died)
    {
        List<Thread> readers = [];
        lock (_gate)
        {
            _workers.Clear();
            for (var part = 0; part < parts && !_isStopped; part++)
            {
                var (one, all) = ((part * step) + shard, parts * step);
                var worker = Start(Arguments(first, last, (one, all)));
                _workers.Add(worker);
                readers.Add(new Thread(() => Read(worker, (one, all), add, died)));
            }
        }

        readers.ForEach(reader => reader.Start());
        readers.ForEach(reader => reader.Join());
        if (!_isStopped && _workers.Exists(worker => worker.ExitCode == WrongUsage))
        {
            throw new HiNetException("a worker process could not read the scenario again: leave it as it is during a sweep.");
        }
    }

    private void Read(Process worker, (int Shard, int Shards) part, Action<JsonElement> add, Action<ulong, int> died)
    {
        var lines = 0;
        while (worker.StandardOutput.ReadLine() is { } line)
        {
            JsonDocument document;
            try
            {
                document = JsonDocument.Parse(line);
            }
            catch (JsonException)
            {
                // Half a line is all that a process leaves that ends within it.
                break;
            }

            lock (_gate)
            {
                add(document.RootElement);
            }

            document.Dispose();
            lines++;
        }

        worker.WaitForExit();
        lock (_gate)
        {
            if (!_isStopped && worker.ExitCode is not (0 or WrongUsage))
            {
                died(SeedsOf(first, last, part.Shard, part.Shards).ElementAt(lines), worker.ExitCode);
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
