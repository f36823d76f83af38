using System.Buffers.Binary;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht.Records;

/// <summary>
/// When the periods of a secret begin, and which of them are written and read at a time. Period n begins within the first 12
/// hours of day n since 1970, at a moment that only the secret tells and that differs every day, so that neither does everybody
/// move at once nor does a time of day give away whose target it is. Periods last 12 to 36 hours, 24 on average.
/// <c>specs/13-records.md</c>, "Periods".
/// </summary>
public sealed class RecordSchedule
{
    /// <summary>How long before a period begins its records are written, and how far clocks may differ. Milliseconds.</summary>
    public const long OverlapMilliseconds = 3 * HourMilliseconds;

    /// <summary>How long a record counts after it was written, up to the next full hour. Milliseconds.</summary>
    public const long LifetimeMilliseconds = 24 * HourMilliseconds;

    internal const long HourMilliseconds = 3_600_000;

    private const long DayMilliseconds = 24 * HourMilliseconds;
    private const long Year10000 = 253_402_300_800_000;
    private const ulong ShiftMilliseconds = 12 * HourMilliseconds;

    private readonly ICryptography _cryptography;
    private readonly RendezvousSecret _secret;

    /// <summary>The periods of a secret.</summary>
    public RecordSchedule(ICryptography cryptography, RendezvousSecret secret)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        ArgumentNullException.ThrowIfNull(secret);
        _cryptography = cryptography;
        _secret = secret;
    }

    /// <summary>When a period begins; it ends when the next one begins. Unix milliseconds.</summary>
    public long StartOf(RecordPeriod period)
    {
        Span<byte> shift = stackalloc byte[Bytes32.Size];
        _secret.Hash(_cryptography, Domains.RecordShift, period).CopyTo(shift);
        return (period.Number * DayMilliseconds) + (long)(BinaryPrimitives.ReadUInt64LittleEndian(shift) % ShiftMilliseconds);
    }

    /// <summary>The period that a time lies in.</summary>
    /// <param name="unixMilliseconds">Wall clock.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time before 1970 or beyond the year 9999.</exception>
    public RecordPeriod PeriodAt(long unixMilliseconds)
    {
        ThrowIfNoTime(unixMilliseconds);
        var period = new RecordPeriod(unixMilliseconds / DayMilliseconds);
        return unixMilliseconds < StartOf(period) ? period.Previous : period;
    }

    /// <summary>Where to write: the period of the time, and from 3 hours before its end the next one too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">As <see cref="PeriodAt"/>.</exception>
    public IReadOnlyList<RecordPeriod> ToWrite(long unixMilliseconds)
    {
        var current = PeriodAt(unixMilliseconds);
        return IsNear(current.Next, unixMilliseconds) ? [current, current.Next] : [current];
    }

    /// <summary>
    /// Where to look: where others write whose clocks differ by up to 3 hours, and where those wrote last who are gone since. That
    /// is the period of the time; from 3 hours before its end the next one; and the one before, for contacts until 3 hours after its
    /// end, for prekeys, which are of use when their device is gone, for as long as they live. Newest first.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">As <see cref="PeriodAt"/>.</exception>
    public IReadOnlyList<RecordPeriod> ToRead(long unixMilliseconds)
    {
        var current = PeriodAt(unixMilliseconds);
        var trail = _secret.Kind == RecordKind.Prekeys ? LifetimeMilliseconds + HourMilliseconds : OverlapMilliseconds;
        List<RecordPeriod> periods = [];
        if (IsNear(current.Next, unixMilliseconds))
        {
            periods.Add(current.Next);
        }

        periods.Add(current);
        if (unixMilliseconds - StartOf(current) < trail)
        {
            periods.Add(current.Previous);
        }

        return periods;
    }

    /// <summary>When <see cref="ToWrite"/> gives something else for the first time after a time. Unix milliseconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">As <see cref="PeriodAt"/>.</exception>
    public long NextChange(long unixMilliseconds)
    {
        var edge = StartOf(PeriodAt(unixMilliseconds).Next);
        return unixMilliseconds < edge - OverlapMilliseconds ? edge - OverlapMilliseconds : edge;
    }

    /// <summary>Whether a wall clock can be right as far as records go, with room for the periods before and after: a clock that was never set has none.</summary>
    internal static bool Covers(long unixMilliseconds) => unixMilliseconds is > 7 * DayMilliseconds and < Year10000 - (7 * DayMilliseconds);

    private static void ThrowIfNoTime(long unixMilliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(unixMilliseconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(unixMilliseconds, Year10000);
    }

    private bool IsNear(RecordPeriod next, long unixMilliseconds) => unixMilliseconds >= StartOf(next) - OverlapMilliseconds;
}
