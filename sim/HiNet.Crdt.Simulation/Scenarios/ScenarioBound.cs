using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>One bound of the engine that a scenario can make smaller.</summary>
/// <param name="Name">As files have it.</param>
/// <param name="Least">The smallest value with which the engine still keeps its promises.</param>
/// <param name="Read">Reads the bound.</param>
/// <param name="With">Changes the bound.</param>
internal sealed record ScenarioBound(string Name, int Least, Func<EngineBounds, int> Read, Func<EngineBounds, int, EngineBounds> With)
{
    /// <summary>What the engine has outside simulations, and the largest value that a scenario may give.</summary>
    public int Usual => Read(EngineBounds.Default);

    /// <summary>A scenario in which this bound is the usual one.</summary>
    public Scenario Without(Scenario scenario) => scenario with
    {
        Bounds = new SortedDictionary<string, int>(
            scenario.Bounds.Where(bound => bound.Key != Name).ToDictionary(bound => bound.Key, bound => bound.Value), StringComparer.Ordinal),
    };
}
