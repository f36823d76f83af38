using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Shrinking;

/// <summary>Takes one node out of a scenario: with what it does and what befalls it. Nodes above it move down by one.</summary>
internal static class NodeRemoval
{
    public static Scenario Without(Scenario scenario, int node) => scenario with
    {
        Nodes = scenario.Nodes - 1,
        Adversaries = [.. scenario.Adversaries.Where(adversary => adversary.Node != node).Select(adversary => adversary with { Node = Moved(adversary.Node, node) })],
        Faults = [.. scenario.Faults.Select(fault => Without(fault, node)).OfType<Fault>()],
        Operations = [.. scenario.Operations.Select(operation => Without(operation, node)).OfType<Operation>()],
    };

    private static Fault? Without(Fault fault, int node) => fault.Kind switch
    {
        FaultKind.Heal => fault,
        FaultKind.Partition => Parted(fault, node),
        _ when fault.Node == node => null,
        FaultKind.Cut or FaultKind.Clog when fault.To == node => null,
        _ => fault with { Node = Moved(fault.Node, node), To = Moved(fault.To, node) },
    };

    private static Fault? Parted(Fault fault, int node)
    {
        List<IReadOnlyList<int>> groups = [.. fault.Groups.Select(group => Without(group, node)).Where(group => group.Count > 0)];
        return groups.Count == 0 ? null : fault with { Groups = groups };
    }

    private static Operation? Without(Operation operation, int node) =>
        operation.Node == node || (operation.Do is OperationKind.Meet or OperationKind.Direct or OperationKind.Add && operation.Member == node)
            ? null
            : operation with
            {
                Node = Moved(operation.Node, node),
                Member = Moved(operation.Member, node),
                Members = Without(operation.Members, node),
            };

    private static IReadOnlyList<int> Without(IReadOnlyList<int> nodes, int node) =>
        [.. nodes.Where(other => other != node).Select(other => Moved(other, node))];

    private static int Moved(int other, int node) => other > node || (other == node && node > 0) ? other - 1 : other;
}
