using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Shrinking;

/// <summary>Moves what happens in a scenario closer together. The order stays.</summary>
internal static class TimeShift
{
    /// <summary>The times at which something happens, each once, with the scenario's beginning in front and its end behind.</summary>
    public static IReadOnlyList<TimeSpan> Times(Scenario scenario) =>
        [.. scenario.Faults.Select(fault => fault.At)
            .Concat(scenario.Operations.Where(operation => !operation.IsAfterwards).Select(operation => operation.At))
            .Append(TimeSpan.Zero).Append(scenario.Duration).Distinct().Order()];

    /// <summary>Everything at or behind a time happens earlier.</summary>
    public static Scenario Earlier(Scenario scenario, TimeSpan from, TimeSpan by) => Map(scenario, at => at >= from ? at - by : at);

    /// <summary>Times rounded up to whole multiples of a unit.</summary>
    public static Scenario Rounded(Scenario scenario, TimeSpan unit) =>
        Map(scenario, at => new TimeSpan((at.Ticks + unit.Ticks - 1) / unit.Ticks * unit.Ticks));

    private static Scenario Map(Scenario scenario, Func<TimeSpan, TimeSpan> move) => scenario with
    {
        Duration = move(scenario.Duration),
        Faults = [.. scenario.Faults.Select(fault => fault with { At = move(fault.At) })],
        Operations = [.. scenario.Operations.Select(operation => operation.IsAfterwards ? operation : operation with { At = move(operation.At) })],
    };
}
