namespace HiNet.Crdt.Core.Dht.Records;

/// <summary>
/// The two numbers of a slot that storing nodes see: a sequence number that is the time plus a mask, and an expiry that everybody
/// who writes in the same hour has.
/// </summary>
internal static class RecordTime
{
    private const int SecondMilliseconds = 1_000;

    /// <summary>A sequence number higher than the last: of the time, or of a millisecond after the last where a clock stood still or went back.</summary>
    internal static ulong Sequence(ulong mask, long unixMilliseconds, ulong lastSequence)
    {
        var ofTime = mask + (ulong)unixMilliseconds;
        return ofTime > lastSequence ? ofTime : checked(lastSequence + 1);
    }

    /// <summary>The time in a sequence number; null when it has none. Unix milliseconds.</summary>
    internal static long? Written(ulong mask, ulong sequence) =>
        sequence >= mask && sequence - mask <= long.MaxValue ? (long)(sequence - mask) : null;

    /// <summary>When a record counts no longer: a lifetime after the time, rounded up to a full hour. Unix seconds.</summary>
    internal static long Expiry(long writtenUnixMilliseconds)
    {
        const long Hour = RecordSchedule.HourMilliseconds;
        return (writtenUnixMilliseconds + RecordSchedule.LifetimeMilliseconds + Hour - 1) / Hour * Hour / SecondMilliseconds;
    }

    internal static bool IsFullHour(long unixSeconds) => unixSeconds % (RecordSchedule.HourMilliseconds / SecondMilliseconds) == 0;
}
