using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Workload;

namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>
/// Scenarios with everything that a seed would draw written out as operations and faults. Run with that same seed they give the
/// same run, trace hash included, and anything can be taken out of them.
/// </summary>
public static class ExplicitScenario
{
    /// <summary>A scenario with its workload written out.</summary>
    public static Scenario Of(Scenario scenario, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return WorkloadGenerator.Expand(scenario, new KeyedRandom(seed));
    }

    /// <summary>The scenario that <see cref="ScenarioRunner.RunSwarm"/> makes from a seed.</summary>
    public static Scenario FromSeed(ulong seed) => Of(SwarmGenerator.Generate(seed), seed);
}
