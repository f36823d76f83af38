using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Driving;

/// <summary>
/// When the bytes of erased rows are reclaimed, which takes the disk for a while: in its first quiet moment, and after
/// <see cref="LongestWait"/> in any case. An earlier run may have left some, so a new one begins with some due.
/// </summary>
/// <param name="now">The time of the start.</param>
public sealed class ReclaimSchedule(Instant now)
{
    /// <summary>Nothing to write for so long is a quiet moment.</summary>
    public static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(250);

    /// <summary>Erased bytes stay no longer than this, however busy the disk is.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>When the first batch that erased was begun, of those that are not reclaimed.</summary>
    private Instant _since = now;

    /// <summary>Something was erased and not reclaimed.</summary>
    public bool IsPending { get; private set; } = true;

    /// <summary>How long to wait for the next batch before it is a quiet moment; null for as long as it takes.</summary>
    public TimeSpan? Patience => IsPending ? QuietTime : null;

    /// <summary>A batch that erases is durable; it was begun at a time.</summary>
    public void Erased(Instant begun)
    {
        _since = IsPending ? _since : begun;
        IsPending = true;
    }

    /// <summary>Whether to reclaim now; <paramref name="isQuiet"/>: <see cref="Patience"/> has passed without a batch.</summary>
    public bool IsDue(Instant now, bool isQuiet) => IsPending && (isQuiet || now - _since > LongestWait);

    /// <summary>It was reclaimed, or could not be: what is due then is kept in the store, for the next run.</summary>
    public void Reclaimed() => IsPending = false;
}
