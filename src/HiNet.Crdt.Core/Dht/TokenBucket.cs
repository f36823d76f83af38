using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>Allows so many events a second on average and so many at once.</summary>
internal struct TokenBucket(int perSecond, int burst, Instant now)
{
    private const long Whole = 1_000_000;

    private long _level = burst * Whole;
    private Instant _filledAt = now;

    public bool TryTake(Instant now)
    {
        // Microseconds times events a second are millionths of an event.
        var passed = Math.Clamp(now.Microseconds - _filledAt.Microseconds, 0, Whole * burst);
        _level = Math.Min(burst * Whole, _level + (passed * perSecond));
        _filledAt = now;
        if (_level < Whole)
        {
            return false;
        }

        _level -= Whole;
        return true;
    }
}
