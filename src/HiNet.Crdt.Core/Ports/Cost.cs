namespace HiNet.Crdt.Core.Ports;

/// <summary>
/// Counts the steps of one machine's loops, so that what grows faster than its input shows as a number and not as a time. A count
/// costs an addition. Steps only grow.
/// </summary>
public sealed class Cost
{
    private readonly long[] _steps = new long[(int)CostKind.Deadline + 1];

    /// <summary>All steps so far, of whatever kind.</summary>
    public long Steps { get; private set; }

    /// <summary>Steps of one kind so far.</summary>
    public long this[CostKind kind] => _steps[(int)kind];

    /// <param name="kind">What was done.</param>
    /// <param name="steps">How often, 0 or above.</param>
    public void Count(CostKind kind, long steps = 1)
    {
        _steps[(int)kind] += steps;
        Steps += steps;
    }
}
