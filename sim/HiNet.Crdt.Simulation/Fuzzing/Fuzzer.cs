using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>
/// Gives parts of the engine input that is well formed and hostile, drawn from seeds, and asks oracles of them: that nothing is thrown, that
/// replicas agree in any order, that work and memory stay within what was given. A case is a function of its target and its seed.
/// Not thread-safe as a whole; cases share nothing.
/// </summary>
public static class Fuzzer
{
    private const int RunsOfShrinking = 600;

    private static readonly FuzzTarget[] s_targets = [new EntriesTarget(), new ChannelTarget(), new ControlTarget()];

    /// <summary>What cases can be given to.</summary>
    public static IReadOnlyList<string> Targets { get; } = [.. s_targets.Select(target => target.Name)];

    /// <summary>Every kind of operation that a target's cases have.</summary>
    /// <param name="target">One of <see cref="Targets"/>.</param>
    public static IReadOnlyList<string> KindsOf(string target) => [.. Find(target).Kinds.Select(FuzzNames.Of)];

    /// <summary>Runs the case of a seed.</summary>
    /// <param name="target">One of <see cref="Targets"/>.</param>
    /// <param name="seed">What the case derives from.</param>
    /// <exception cref="ArgumentException">There is no such target.</exception>
    public static FuzzReport Run(string target, ulong seed) => Run(Find(target), seed, null);

    /// <summary>Runs the case of a saved failure again.</summary>
    public static FuzzReport Replay(FuzzFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return Run(Find(failure.Target), failure.Seed, failure.Operations);
    }

    /// <summary>What it takes to see again what a report found: the same case, with as few and as plain operations as can be had.</summary>
    /// <param name="report">A report that is no pass.</param>
    /// <param name="runs">Runs at most, 1 or more.</param>
    /// <exception cref="ArgumentException">It is a pass.</exception>
    public static FuzzFailure Shrink(FuzzReport report, int runs = RunsOfShrinking)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        return Shrink(Find(report.Target), report, runs);
    }

    internal static FuzzFailure Shrink(FuzzTarget target, FuzzReport report, int runs = RunsOfShrinking)
    {
        if (report.Oracle is null)
        {
            throw new ArgumentException("The case of this report passed: there is nothing to shrink.", nameof(report));
        }

        return new FuzzShrinker(target, report, runs).Shrink();
    }

    internal static FuzzReport Run(FuzzTarget target, ulong seed, IReadOnlyList<FuzzOperation>? operations)
    {
        var random = new KeyedRandom(seed);
        operations ??= target.Draw(random);
        var record = new FuzzRecord();
        var (result, oracle, problem) = (SimulationResult.Pass, (string?)null, (string?)null);
        try
        {
            target.Run(random, operations, record);
        }
        catch (FuzzFinding finding)
        {
            (result, oracle, problem) = (finding.Result, finding.Oracle, finding.Message);
        }
        catch (SimulationException found)
        {
            (result, oracle, problem) = (found.Result, found.Invariant, found.Detail);
        }
        catch (Exception thrown)
        {
            // Whatever it is: nothing that others write may make the engine throw.
            (result, oracle, problem) = (SimulationResult.Crash, "no-throw", Describe(thrown));
        }

        return new FuzzReport
        {
            Target = target.Name,
            Seed = seed,
            Result = result,
            Oracle = oracle,
            Problem = problem,
            Operations = operations.Count,
            Hash = record.Hash.Value,
            Kinds = record.Kinds,
            Twists = record.Twists,
            Marks = record.Marks.Hits,
            Metrics = record.Metrics,
        };
    }

    internal static FuzzTarget Find(string target) =>
        Array.Find(s_targets, known => known.Name == target)
        ?? throw new ArgumentException($"There is no target {target}: it is one of {string.Join(", ", Targets)}.", nameof(target));

    /// <summary>The exception and where it was thrown, up to the fuzzer itself.</summary>
    private static string Describe(Exception thrown)
    {
        var frames = (thrown.StackTrace ?? string.Empty).Split('\n')
            .Select(line => line.Trim())
            .TakeWhile(line => !line.Contains(typeof(Fuzzer).Namespace!, StringComparison.Ordinal))
            .Select(line => line.Split(" in ")[0])
            .Take(4);
        return $"{thrown.GetType().Name}: {thrown.Message} {string.Join(", ", frames)}".TrimEnd();
    }
}
