using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary>Gathers the lines of a sweep's workers, shows progress on stderr, and ends with one result: that of the worst run.</summary>
internal sealed class SweepSummary(string name, ulong expected, bool isVerbose, SweepFailures failures)
{
    private const int Interrupted = 130;
    private const int UnknownShown = 5;

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly SortedDictionary<string, int> _results = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, string> _hashes = [];
    private readonly List<SweepFailure> _failures = [];
    private readonly SortedDictionary<string, double> _metrics = new(StringComparer.Ordinal);
    private readonly List<(double Seconds, ulong Seed)> _slowest = [];
    private readonly SweepTables _tables = new();
    private ulong _done;
    private int _compared;
    private long _events;
    private double _virtualSeconds;
    private ulong _trace;

    public void Add(JsonElement run)
    {
        var result = run.GetProperty("result").GetString()!;
        var seed = run.GetProperty("seed").GetUInt64();
        var hash = run.GetProperty("traceHash").GetString()!;
        _results[result] = _results.GetValueOrDefault(result) + 1;
        _hashes[seed] = hash;
        // Runs end in any order; a sum does not care.
        _trace += ulong.Parse(hash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        _events += run.GetProperty("events").GetInt64();
        _virtualSeconds += run.GetProperty("virtualSeconds").GetDouble();
        _slowest.Add((run.GetProperty("wallSeconds").GetDouble(), seed));
        if (_slowest.Count > 1000)
        {
            KeepSlowest();
        }

        if (result != "pass")
        {
            _failures.Add(SweepFailure.Of(run, result, run.GetProperty("problem").GetString()!));
        }

        foreach (var metric in run.GetProperty("metrics").EnumerateObject())
        {
            _metrics[metric.Name] = _metrics.GetValueOrDefault(metric.Name) + metric.Value.GetDouble();
        }

        _tables.Add(run);
        _done++;
        ShowProgress();
    }

    /// <summary>A seed's second run, in another process.</summary>
    public void Compare(JsonElement run)
    {
        var seed = run.GetProperty("seed").GetUInt64();
        var hash = run.GetProperty("traceHash").GetString()!;
        if (!_hashes.TryGetValue(seed, out var before))
        {
            return;
        }

        _compared++;
        if (before != hash)
        {
            _results["nondeterminism"] = _results.GetValueOrDefault("nondeterminism") + 1;
            _failures.Add(SweepFailure.Of(run, "nondeterminism", $"two processes ran seed {seed} differently: trace {before} and {hash}."));
        }
    }

    /// <summary>A worker process that ended by itself: the seed that it ran then, and its exit code.</summary>
    public void Died(ulong seed, int exitCode)
    {
        _results["crash"] = _results.GetValueOrDefault("crash") + 1;
        _failures.Add(new SweepFailure(
            "crash", null, seed, $"a worker process ended with exit code {exitCode} while it ran seed {seed}; those that it had still to run are left out.", TimeSpan.Zero, 0));
    }

    public int Finish(bool json, bool isInterrupted)
    {
        if (isVerbose && !Console.IsErrorRedirected)
        {
            Console.Error.WriteLine();
        }

        // Counted, but not a failure: a run in which one kind of operation never got through says nothing, and others will.
        var worst = SimulationResult.Pass;
        foreach (var result in new[] { SimulationResult.Liveness, SimulationResult.Nondeterminism, SimulationResult.Crash, SimulationResult.Safety })
        {
            worst = _results.ContainsKey(ReportJson.NameOf(result)) ? result : worst;
        }

        // What matters most stands last, where a terminal still shows it.
        if (!json)
        {
            ShowTables();
        }

        failures.Show(_failures);
        if (isInterrupted)
        {
            Console.Error.WriteLine($"Interrupted: {_done:N0} of {expected:N0} seeds were run.");
        }

        if (json)
        {
            Console.Out.WriteLine(Line(worst));
        }
        else
        {
            ShowResult(worst);
        }

        return isInterrupted && worst == SimulationResult.Pass ? Interrupted : (int)worst;
    }

    private void ShowProgress()
    {
        if (isVerbose && !Console.IsErrorRedirected)
        {
            const int Width = 30;
            var filled = (int)(Width * _done / Math.Max(1, expected));
            Console.Error.Write($"\r[{new string('#', filled)}{new string('.', Width - filled)}] {_done:N0} of {expected:N0} seeds, {_failures.Count(failure => failure.Result != "unknown")} failed ");
        }
    }

    private void ShowTables()
    {
        KeepSlowest();
        _tables.Show(Console.Out);
        Console.Out.WriteLine();
        Console.Out.WriteLine($"  {"mean of",-28} {"a run",17}");
        foreach (var (metric, sum) in _metrics)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {metric,-28} {sum / _done,17:N3}"));
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine("  slowest seeds: " + string.Join(", ", _slowest.Select(run => string.Create(CultureInfo.InvariantCulture, $"{run.Seed} ({run.Seconds:0.00} s)"))));
    }

    private void ShowResult(SimulationResult worst)
    {
        foreach (var group in _failures.Where(failure => failure.Result == "unknown").GroupBy(failure => failure.Problem.Split(" of the kind ")[^1].Split(' ')[0]))
        {
            List<ulong> seeds = [.. group.Select(failure => failure.Seed).Order()];
            Console.Out.WriteLine(
                $"  unknown: {group.Key} never succeeded in {seeds.Count:N0} runs, seeds {string.Join(", ", seeds.Take(UnknownShown))}{(seeds.Count > UnknownShown ? " and others" : string.Empty)}");
        }

        Console.Out.WriteLine($"{ReportJson.NameOf(worst)}: {string.Join(", ", _results.Select(result => string.Create(CultureInfo.InvariantCulture, $"{result.Value:N0} {result.Key}")))}");
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {_events:N0} events, {_virtualSeconds / 3600:0.0} virtual hours in {_watch.Elapsed.TotalSeconds:0.0} s; {_compared} seeds compared in two processes"));
    }

    private void KeepSlowest()
    {
        _slowest.Sort((left, right) => right.Seconds.CompareTo(left.Seconds) is var order and not 0 ? order : left.Seed.CompareTo(right.Seed));
        if (_slowest.Count > 5)
        {
            _slowest.RemoveRange(5, _slowest.Count - 5);
        }
    }

    private string Line(SimulationResult worst)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            var failure = _failures.OrderBy(found => found.Seed).FirstOrDefault(found => found.Result == ReportJson.NameOf(worst));
            writer.WriteStartObject();
            writer.WriteString("result", ReportJson.NameOf(worst));
            writer.WriteString("invariant", failure?.Invariant);
            writer.WriteNumber("seed", failure?.Seed ?? 0);
            writer.WriteString("scenario", name);
            writer.WriteNumber("events", _events);
            writer.WriteNumber("virtualSeconds", Math.Round(_virtualSeconds, 3));
            writer.WriteNumber("wallSeconds", Math.Round(_watch.Elapsed.TotalSeconds, 3));
            writer.WriteNumber("eventsPerSecond", ReportJson.PerSecond(_events, _watch.Elapsed));
            writer.WriteString("traceHash", ReportJson.HashOf(_trace));
            ReportJson.WriteMarks(writer, _tables.Missed);
            writer.WriteStartObject("metrics");
            writer.WriteNumber("seeds", _done);
            writer.WriteNumber("seedsCompared", _compared);
            foreach (var (result, count) in _results)
            {
                writer.WriteNumber("results." + result, count);
            }

            foreach (var (metric, sum) in _metrics)
            {
                writer.WriteNumber(metric, Math.Round(sum / Math.Max(1, _done), 6));
            }

            writer.WriteEndObject();
            _tables.Write(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
