using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Shrinking;

/// <summary>One thing that can be left out of a scenario: an operation, a fault, or an adversary's malice. The other fields are null.</summary>
internal sealed record ScenarioPart(Operation? Operation, Fault? Fault, Adversary? Adversary)
{
    /// <summary>Everything that can be left out, adversaries and faults first. A node that is no adversary any more is an honest one.</summary>
    public static IReadOnlyList<ScenarioPart> Of(Scenario scenario) =>
    [
        .. scenario.Adversaries.Select(adversary => new ScenarioPart(null, null, adversary)),
        .. scenario.Faults.Select(fault => new ScenarioPart(null, fault, null)),
        .. scenario.Operations.Select(operation => new ScenarioPart(operation, null, null)),
    ];

    /// <summary>A scenario with these parts and no others.</summary>
    public static Scenario With(Scenario scenario, IReadOnlyList<ScenarioPart> parts) => scenario with
    {
        Workload = null,
        Adversaries = [.. parts.Select(part => part.Adversary).OfType<Adversary>()],
        Faults = [.. parts.Select(part => part.Fault).OfType<Fault>()],
        Operations = [.. parts.Select(part => part.Operation).OfType<Operation>()],
    };
}
