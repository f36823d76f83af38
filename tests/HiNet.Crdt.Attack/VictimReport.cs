namespace HiNet.Crdt.Attack;

/// <summary>What the attacked node measured itself.</summary>
public sealed record VictimReport
{
    /// <summary>Sends that were acknowledged: texts <c>note 0</c>, <c>note 1</c>, … in the note to self.</summary>
    public required int Notes { get; init; }

    /// <summary>The same in the group, of which attackers are members: <c>said 0</c>, <c>said 1</c>, …</summary>
    public required int Said { get; init; }

    /// <summary>Milliseconds of each send, from the call until it was durable.</summary>
    public required IReadOnlyList<double> SendMilliseconds { get; init; }

    /// <summary>The most resident memory that the process ever had, in millions of bytes, as the system counts it.</summary>
    public required double PeakMegabytes { get; init; }

    /// <summary>Resident memory over time, in millions of bytes, one value each ten seconds.</summary>
    public required IReadOnlyList<double> Megabytes { get; init; }

    /// <summary>Of that, what the garbage collector has taken from the system, in millions of bytes, one value each ten seconds.</summary>
    public required IReadOnlyList<double> ManagedMegabytes { get; init; }

    /// <summary>Processor time, in percent of one core.</summary>
    public required double CorePercent { get; init; }

    /// <summary>Entries that it has applied.</summary>
    public required long Entries { get; init; }

    /// <summary>Links that came up.</summary>
    public required long Connected { get; init; }

    /// <summary>Remote misbehaviour that it met, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Misbehaved { get; init; }

    /// <summary>What else it noticed, by kind of event.</summary>
    public required IReadOnlyDictionary<string, long> Noticed { get; init; }

    /// <summary>Null when all is well; else one sentence.</summary>
    public string? Problem { get; init; }

    /// <summary>The smallest of <see cref="SendMilliseconds"/> that a share of all does not exceed.</summary>
    public double SendPercentile(double share)
    {
        double[] sorted = [.. SendMilliseconds.Order()];
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
