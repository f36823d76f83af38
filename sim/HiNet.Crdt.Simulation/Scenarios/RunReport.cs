namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>How one run went.</summary>
public sealed record RunReport
{
    /// <summary>What came of it.</summary>
    public required SimulationResult Result { get; init; }

    /// <summary>The invariant that was broken; null when none was.</summary>
    public string? Invariant { get; init; }

    /// <summary>What was seen, in one sentence; null when all is well.</summary>
    public string? Problem { get; init; }

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The scenario's name.</summary>
    public required string Scenario { get; init; }

    /// <summary>Events of the world.</summary>
    public required long Events { get; init; }

    /// <summary>Virtual time at the end.</summary>
    public required TimeSpan VirtualTime { get; init; }

    /// <summary>Time that it took on this machine.</summary>
    public required TimeSpan WallTime { get; init; }

    /// <summary>The same for every run of the seed.</summary>
    public required ulong TraceHash { get; init; }

    /// <summary>Places in the engine that were reached, and how often.</summary>
    public required IReadOnlyDictionary<string, long> Marks { get; init; }

    /// <summary>Kinds of operations that never succeeded although they were attempted, with the reason why none could.</summary>
    public IReadOnlyList<string> Explained { get; init; } = [];

    /// <summary>What honest nodes refused, by reason.</summary>
    public IReadOnlyList<JudgedRefusals> Refusals { get; init; } = [];

    /// <summary>Measures by name: <c>entries</c>, <c>bytesSent</c>, <c>convergenceSeconds</c> and others.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }
}
