using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Shrinking;

/// <summary>One thing that can be left out of a scenario: an operation or a fault. The other field is null.</summary>
internal sealed record ScenarioPart(Operation? Operation, Fault? Fault)
{
    /// <summary>Everything that can be left out, faults first.</summary>
    public static IReadOnlyList<ScenarioPart> Of(Scenario scenario) =>
        [.. scenario.Faults.Select(fault => new ScenarioPart(null, fault)), .. scenario.Operations.Select(operation => new ScenarioPart(operation, null))];

    /// <summary>A scenario with these parts and no others.</summary>
    public static Scenario With(Scenario scenario, IReadOnlyList<ScenarioPart> parts) => scenario with
    {
        Workload = null,
        Faults = [.. parts.Select(part => part.Fault).OfType<Fault>()],
        Operations = [.. parts.Select(part => part.Operation).OfType<Operation>()],
    };
}
