using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Diagrams;

/// <summary>Works out from a scenario from when to when each partition, cut, clog, pause and absence lasted.</summary>
internal sealed class Bands
{
    private static readonly TimeSpan s_clog = TimeSpan.FromSeconds(10);

    private readonly Scenario _scenario;
    private readonly double _end;
    private readonly List<Band> _bands = [];

    private Bands(Scenario scenario, double end)
    {
        _scenario = scenario;
        _end = end;
    }

    /// <param name="scenario">With its operations written out.</param>
    /// <param name="end">When the run ended, in virtual seconds.</param>
    public static IReadOnlyList<Band> Of(Scenario scenario, double end) => new Bands(scenario, end).Collect();

    private List<Band> Collect()
    {
        var faults = _scenario.Faults;
        foreach (var fault in faults)
        {
            switch (fault.Kind)
            {
                case FaultKind.Partition:
                    Add("partition", fault.At, EndOf(fault, FaultKind.Partition), "apart: " + string.Join(" | ", fault.Groups.Select(group => string.Join(" ", group))), fault.Groups);
                    break;
                case FaultKind.Cut:
                    Add("cut", fault.At, EndOf(fault, FaultKind.Heal), $"node {fault.Node} cannot reach node {fault.To}", [[fault.Node], [fault.To]]);
                    break;
                case FaultKind.Clog:
                    var heals = EndOf(fault, FaultKind.Heal);
                    Add("clog", fault.At, heals < fault.At + s_clog ? heals : fault.At + s_clog, $"what node {fault.Node} sends to node {fault.To} is held", [[fault.Node], [fault.To]]);
                    break;
                case FaultKind.Suspend:
                    Add("pause", fault.At, EndOf(fault, FaultKind.Wake, FaultKind.Crash, FaultKind.PowerLoss), $"node {fault.Node} is asleep", [[fault.Node]]);
                    break;
                case FaultKind.Pause:
                    Add("pause", fault.At, EndOf(fault, FaultKind.Resume, FaultKind.Crash, FaultKind.PowerLoss), $"node {fault.Node} is frozen", [[fault.Node]]);
                    break;
            }
        }

        foreach (var offline in _scenario.Operations.Where(operation => operation.Do == OperationKind.Offline))
        {
            var back = _scenario.Operations
                .Where(operation => operation.Do == OperationKind.Online && operation.Node == offline.Node && operation.At > offline.At)
                .Select(operation => operation.At).DefaultIfEmpty(_scenario.Duration).Min();
            Add("offline", offline.At, back, $"node {offline.Node} is offline", [[offline.Node]]);
        }

        return _bands;
    }

    // Everything ends when all is mended; a heal ends what the network does, the others what befell the same node.
    private TimeSpan EndOf(Fault fault, params FaultKind[] kinds) =>
        _scenario.Faults
            .Where(other => other.At > fault.At && (kinds.Contains(other.Kind) || other.Kind == FaultKind.Heal) && Ends(fault, other))
            .Select(other => other.At).Append(_scenario.Duration).Min();

    private static bool Ends(Fault fault, Fault other) => other.Kind switch
    {
        FaultKind.Heal => fault.Kind is FaultKind.Partition or FaultKind.Cut or FaultKind.Clog,
        FaultKind.Partition => true,
        _ => other.Node == fault.Node,
    };

    private void Add(string kind, TimeSpan from, TimeSpan to, string text, IReadOnlyList<IReadOnlyList<int>> groups)
    {
        if (from.TotalSeconds < _end)
        {
            _bands.Add(new Band(kind, from.TotalSeconds, Math.Min(to.TotalSeconds, _end), text, groups));
        }
    }
}
