namespace HiNet.Crdt.Simulation.Storage;

/// <summary>How the disks of a world behave. Probabilities are between 0 and 1.</summary>
public sealed record DiskOptions
{
    /// <summary>The shortest time between a batch's hand-over and its being durable.</summary>
    public TimeSpan MinimumDelay { get; init; } = TimeSpan.FromMicroseconds(80);

    /// <summary>The longest time, stalls aside.</summary>
    public TimeSpan MaximumDelay { get; init; } = TimeSpan.FromMicroseconds(400);

    /// <summary>The share of batches that stall, as they do behind a busy or worn-out device.</summary>
    public double StallProbability { get; init; } = 0.02;

    /// <summary>The longest stall.</summary>
    public TimeSpan MaximumStall { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The share of crashes in which the batch under way is durable although nobody was told; in the others nothing of it is.</summary>
    public double SurvivesCrashProbability { get; init; } = 0.5;
}
