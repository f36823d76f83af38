namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>One thing that goes wrong, and when.</summary>
public sealed record Fault
{
    /// <summary>Virtual time from the start.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>What.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>The node; for a cut or a clog the sending one.</summary>
    public int Node { get; init; }

    /// <summary>The receiving node of a cut or a clog.</summary>
    public int To { get; init; }

    /// <summary>The groups of a partition.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Groups { get; init; } = [];

    /// <summary>A crash happens in front of this effect of what the node does next, from 0; null for between two events.</summary>
    public int? Effect { get; init; }

    /// <summary>In a machine that sleeps the monotonic clock stops, too.</summary>
    public bool ClockStops { get; init; }

    /// <summary>How far a clock is stepped.</summary>
    public TimeSpan By { get; init; }
}
