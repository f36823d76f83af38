namespace HiNet.Crdt.Core.Log;

/// <summary>
/// A hybrid logical clock's reading: 48 bits of Unix milliseconds and a 16-bit counter that overflows into them
/// (Kulkarni et al., "Logical Physical Clocks", 2014). Per conversation, above every predecessor's, never going back.
/// </summary>
public readonly record struct HybridTimestamp(ulong Value) : IComparable<HybridTimestamp>
{
    private const int CounterBits = 16;
    private const long MaxMilliseconds = (1L << 48) - 1;

    // The last millisecond of the year 9999, beyond which DateTimeOffset has no values.
    private const long MaxDateMilliseconds = 253_402_300_799_999;

    /// <summary>The last reading that an entry may have, in the year 9999: above it there are as many as anybody will need.</summary>
    public static HybridTimestamp Last => FromMilliseconds(MaxDateMilliseconds);

    /// <summary>Unix time in milliseconds, 0 to 2^48 - 1.</summary>
    public long Milliseconds => (long)(Value >> CounterBits);

    /// <summary>Tells apart readings of the same millisecond.</summary>
    public int Counter => (int)(Value & ((1 << CounterBits) - 1));

    /// <summary>The first reading of a millisecond; before 1970 becomes 1970, and beyond 48 bits becomes the last that fits.</summary>
    public static HybridTimestamp FromMilliseconds(long unixMilliseconds) =>
        new((ulong)Math.Clamp(unixMilliseconds, 0, MaxMilliseconds) << CounterBits);

    /// <summary>The reading for a new entry: the wall clock's, or just above its predecessors when they are ahead of it.</summary>
    /// <param name="greatestPredecessor">The greatest among the predecessors; default when there are none.</param>
    /// <param name="nowMilliseconds">The wall clock, Unix time in milliseconds.</param>
    /// <exception cref="InvalidOperationException">The predecessor is the last reading there is.</exception>
    public static HybridTimestamp After(HybridTimestamp greatestPredecessor, long nowMilliseconds)
    {
        var now = FromMilliseconds(nowMilliseconds);
        return now > greatestPredecessor ? now : greatestPredecessor.Next();
    }

    /// <summary>The least reading above this one.</summary>
    /// <exception cref="InvalidOperationException">This is the last reading there is, in the year 10889.</exception>
    public HybridTimestamp Next() => Value < ulong.MaxValue
        ? new HybridTimestamp(Value + 1)
        : throw new InvalidOperationException("There is no reading above the last one.");

    /// <summary>The wall-clock time it claims, in UTC; later than the year 9999 becomes its end.</summary>
    public DateTimeOffset ToDateTime() => DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(Milliseconds, MaxDateMilliseconds));

    /// <inheritdoc/>
    public int CompareTo(HybridTimestamp other) => Value.CompareTo(other.Value);

    /// <summary>Earlier.</summary>
    public static bool operator <(HybridTimestamp left, HybridTimestamp right) => left.Value < right.Value;

    /// <summary>Later.</summary>
    public static bool operator >(HybridTimestamp left, HybridTimestamp right) => left.Value > right.Value;

    /// <summary>Not later.</summary>
    public static bool operator <=(HybridTimestamp left, HybridTimestamp right) => left.Value <= right.Value;

    /// <summary>Not earlier.</summary>
    public static bool operator >=(HybridTimestamp left, HybridTimestamp right) => left.Value >= right.Value;

    /// <summary>The later of two.</summary>
    public static HybridTimestamp Max(HybridTimestamp left, HybridTimestamp right) => left > right ? left : right;

    /// <summary>Milliseconds and counter, for logs: <c>1700000000000.3</c>.</summary>
    public override string ToString() => $"{Milliseconds}.{Counter}";
}
