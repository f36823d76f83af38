using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Driver;

/// <summary>The two clocks of a node: the monotonic one that deadlines are in, and the wall clock, which may step.</summary>
internal sealed class DriverClock(TimeProvider provider)
{
    /// <summary>A wall clock that moves this much against the monotonic one has been set: well above what slewing does in a minute.</summary>
    private const long StepMilliseconds = 100;

    private static readonly TimeSpan ReadPeriod = TimeSpan.FromSeconds(50);

    private readonly long _start = provider.GetTimestamp();
    private long _givenOffset = long.MinValue;

    /// <summary>When the wall clock is due to be given to the machine again. Owned by the driver's thread.</summary>
    internal Instant NextReading { get; private set; }

    internal Instant Now => new(provider.GetElapsedTime(_start).Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>True when the machine must be told the wall clock: at first, before a minute is over, and after a step.</summary>
    internal bool TryReadWallClock(Instant now, out long unixMilliseconds)
    {
        unixMilliseconds = provider.GetUtcNow().ToUnixTimeMilliseconds();
        var offset = unixMilliseconds - (now.Microseconds / 1000);
        if (now < NextReading && Math.Abs(offset - _givenOffset) < StepMilliseconds)
        {
            return false;
        }

        _givenOffset = offset;
        NextReading = now + ReadPeriod;
        return true;
    }
}
