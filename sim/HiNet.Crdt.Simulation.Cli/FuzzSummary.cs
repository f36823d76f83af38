using HiNet.Crdt.Simulation.Fuzzing;

namespace HiNet.Crdt.Simulation.Cli;

/// <summary>What the cases of a run have shown together. Sums and greatest values alone, so that the order of the cases does not matter.</summary>
internal sealed class FuzzSummary(IReadOnlyList<string> targets)
{
    private readonly SortedDictionary<string, long> _marks = new(StringComparer.Ordinal);
    private readonly List<FuzzReport> _failures = [];

    public IReadOnlyList<string> Targets { get; } = targets;

    public SortedDictionary<string, long> Cases { get; } = new(StringComparer.Ordinal);

    /// <summary>By target, then by kind of operation; those that no case had are there, too.</summary>
    public SortedDictionary<string, SortedDictionary<string, FuzzTally>> Kinds { get; } =
        new(targets.ToDictionary(target => target, target => new SortedDictionary<string, FuzzTally>(Fuzzer.KindsOf(target).ToDictionary(kind => kind, _ => new FuzzTally(0, 0, 0, 0)), StringComparer.Ordinal)), StringComparer.Ordinal);

    public SortedDictionary<string, FuzzTally> Twists { get; } = new(StringComparer.Ordinal);

    /// <summary>Sums over all cases; of a name that ends in Share, the greatest value.</summary>
    public SortedDictionary<string, double> Metrics { get; } = new(StringComparer.Ordinal);

    /// <summary>In how many cases each place in the engine was reached.</summary>
    public IReadOnlyDictionary<string, long> Marks => _marks;

    public IReadOnlyList<FuzzReport> Failures => [.. _failures.OrderBy(report => report.Target, StringComparer.Ordinal).ThenBy(report => report.Seed)];

    public long Operations { get; private set; }

    /// <summary>The sum of the cases' hashes.</summary>
    public ulong Hash { get; private set; }

    public SimulationResult Worst => _failures.Count == 0
        ? SimulationResult.Pass
        : new[] { SimulationResult.Safety, SimulationResult.Crash }.FirstOrDefault(result => _failures.Exists(report => report.Result == result), SimulationResult.Liveness);

    public void Add(FuzzReport report)
    {
        Cases[report.Target] = Cases.GetValueOrDefault(report.Target) + 1;
        Operations += report.Operations;
        Hash += report.Hash;
        if (report.Result != SimulationResult.Pass)
        {
            _failures.Add(report);
        }

        Add(Kinds[report.Target], report.Kinds);
        Add(Twists, report.Twists);
        foreach (var (name, value) in report.Metrics)
        {
            Metrics[name] = name.EndsWith("Share", StringComparison.Ordinal) ? Math.Max(Metrics.GetValueOrDefault(name), value) : Metrics.GetValueOrDefault(name) + value;
        }

        foreach (var mark in report.Marks.Keys)
        {
            _marks[mark] = _marks.GetValueOrDefault(mark) + 1;
        }
    }

    private static void Add(SortedDictionary<string, FuzzTally> table, IReadOnlyDictionary<string, FuzzTally> tallies)
    {
        foreach (var (name, tally) in tallies)
        {
            table[name] = table.TryGetValue(name, out var before) ? before + tally : tally;
        }
    }
}
