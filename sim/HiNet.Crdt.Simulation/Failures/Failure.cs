using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Failures;

/// <summary>
/// A run that found something wrong, with all that it takes to see it again: what ran, with nothing left to be drawn but what the
/// seed decides inside the world, and what came of it. Its file format is in <c>specs/11-failures.md</c>.
/// </summary>
public sealed record Failure
{
    /// <summary>The version of the file format that this build writes and reads.</summary>
    public const int Format = 1;

    /// <summary>The product's version that found it.</summary>
    public required string Product { get; init; }

    /// <summary>The commit that it was built from, 40 hex digits; null where the build did not know.</summary>
    public string? Commit { get; init; }

    /// <summary>The name of the scenario or history.</summary>
    public required string Name { get; init; }

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>What kind of failure it is.</summary>
    public required SimulationResult Result { get; init; }

    /// <summary>The stable id of the broken invariant; null where two runs differed.</summary>
    public string? Invariant { get; init; }

    /// <summary>Virtual time at which it was noticed.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>What was seen, in one sentence.</summary>
    public required string Problem { get; init; }

    /// <summary>The run's trace hash. A build that changed anything in the engine gives another one.</summary>
    public required ulong TraceHash { get; init; }

    /// <summary>The bug that was planted to see whether it is caught; null for the engine as it is.</summary>
    public string? Planted { get; init; }

    /// <summary>The command line that found it; null for one that is not known.</summary>
    public string? FoundBy { get; init; }

    /// <summary>What ran, all operations written out; null for a causal history.</summary>
    public Scenario? Scenario { get; init; }

    /// <summary>The causal history that was replayed; null for a scenario.</summary>
    public FailedTrace? Trace { get; init; }

    /// <summary>What a run of a scenario found.</summary>
    /// <param name="report">The run.</param>
    /// <param name="scenario">What ran.</param>
    public static Failure Of(RunReport report, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(report);
        return From(report) with { Scenario = ExplicitScenario.Of(scenario, report.Seed) };
    }

    /// <summary>What a run of <see cref="ScenarioRunner.RunSwarm"/> found.</summary>
    public static Failure OfSwarm(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return From(report) with { Scenario = ExplicitScenario.FromSeed(report.Seed) };
    }

    /// <summary>What the replay of a causal history found.</summary>
    public static Failure Of(RunReport report, FailedTrace trace)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(trace);
        return From(report) with { Trace = trace };
    }

    /// <summary>Whether a run went wrong in the same way: the same kind of result, the same invariant.</summary>
    public bool IsShownBy(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Result == Result && report.Invariant == Invariant;
    }

    private static Failure From(RunReport report) => new()
    {
        Product = BuildVersion.Product,
        Commit = BuildVersion.Commit,
        Name = report.Scenario,
        Seed = report.Seed,
        Result = report.Result,
        Invariant = report.Invariant,
        At = report.VirtualTime,
        Problem = report.Problem ?? string.Empty,
        TraceHash = report.TraceHash,
    };
}
