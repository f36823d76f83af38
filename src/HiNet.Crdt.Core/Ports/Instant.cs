namespace HiNet.Crdt.Core.Ports;

/// <summary>A reading of the monotonic clock, in microseconds since an arbitrary start. Never a wall-clock time.</summary>
public readonly record struct Instant(long Microseconds) : IComparable<Instant>
{
    /// <summary>The deadline of a machine that waits for nothing.</summary>
    public static Instant Never => new(long.MaxValue);

    public int CompareTo(Instant other) => Microseconds.CompareTo(other.Microseconds);

    public static bool operator <(Instant left, Instant right) => left.Microseconds < right.Microseconds;

    public static bool operator >(Instant left, Instant right) => left.Microseconds > right.Microseconds;

    public static bool operator <=(Instant left, Instant right) => left.Microseconds <= right.Microseconds;

    public static bool operator >=(Instant left, Instant right) => left.Microseconds >= right.Microseconds;

    /// <summary>Saturates at <see cref="Never"/>.</summary>
    public static Instant operator +(Instant left, TimeSpan right)
    {
        var added = right.Ticks / TimeSpan.TicksPerMicrosecond;
        return left.Microseconds > long.MaxValue - added ? Never : new Instant(left.Microseconds + added);
    }

    public static TimeSpan operator -(Instant left, Instant right) =>
        TimeSpan.FromMicroseconds(left.Microseconds - right.Microseconds);

    public static Instant Min(Instant left, Instant right) => left < right ? left : right;

    public static Instant Max(Instant left, Instant right) => left < right ? right : left;
}
