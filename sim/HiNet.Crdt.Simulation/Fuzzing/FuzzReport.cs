namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>How one case went. A function of the target, the seed and the operations.</summary>
public sealed record FuzzReport
{
    /// <summary>What the case was given to.</summary>
    public required string Target { get; init; }

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>What came of it.</summary>
    public required SimulationResult Result { get; init; }

    /// <summary>The stable id of the oracle that objected; null when none did.</summary>
    public string? Oracle { get; init; }

    /// <summary>What was seen; null when all is well.</summary>
    public string? Problem { get; init; }

    /// <summary>How many operations the case has.</summary>
    public required int Operations { get; init; }

    /// <summary>The same for every run of the case, in every process and build.</summary>
    public required ulong Hash { get; init; }

    /// <summary>What came of the operations, by kind.</summary>
    public required IReadOnlyDictionary<string, FuzzTally> Kinds { get; init; }

    /// <summary>What came of them, by what was out of the ordinary in them.</summary>
    public required IReadOnlyDictionary<string, FuzzTally> Twists { get; init; }

    /// <summary>Places in the engine that were reached, and how often.</summary>
    public required IReadOnlyDictionary<string, long> Marks { get; init; }

    /// <summary>The greatest share of the budget that a machine took in steps and in memory, in percent, and what else is counted.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }
}
