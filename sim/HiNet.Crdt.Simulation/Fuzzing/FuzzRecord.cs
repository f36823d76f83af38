using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>What one case has done so far: the tables of a report, and the hash by which two processes are compared.</summary>
internal sealed class FuzzRecord
{
    private readonly SortedDictionary<string, FuzzTally> _kinds = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, FuzzTally> _twists = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, double> _metrics = new(StringComparer.Ordinal);

    public TraceHash Hash { get; } = new();

    public Marks Marks { get; } = new();

    public IReadOnlyDictionary<string, FuzzTally> Kinds => _kinds;

    public IReadOnlyDictionary<string, FuzzTally> Twists => _twists;

    public IReadOnlyDictionary<string, double> Metrics => _metrics;

    /// <summary>An operation stands in the list.</summary>
    public void Drawn(FuzzOperation operation) => Add(operation, new FuzzTally(1, 0, 0, 0));

    /// <summary>It made something, and this came of it.</summary>
    public void Made(FuzzOperation operation, bool isAccepted, bool isRefused) =>
        Add(operation, new FuzzTally(0, 1, isAccepted ? 1 : 0, isRefused ? 1 : 0));

    /// <summary>Places in the engine that another counter has seen.</summary>
    public void Reached(Marks marks)
    {
        foreach (var mark in marks.Hits.Keys)
        {
            Marks.Hit(mark);
        }
    }

    public void Count(string metric, double amount = 1) => _metrics[metric] = _metrics.GetValueOrDefault(metric) + amount;

    public void Greatest(string metric, double value) => _metrics[metric] = Math.Max(value, _metrics.GetValueOrDefault(metric));

    private void Add(FuzzOperation operation, FuzzTally tally)
    {
        Add(_kinds, FuzzNames.Of(operation.Kind), tally);
        Add(_twists, FuzzNames.Of(operation.Twist), tally);
    }

    private static void Add(SortedDictionary<string, FuzzTally> table, string name, FuzzTally tally) =>
        table[name] = table.TryGetValue(name, out var before) ? before + tally : tally;
}
