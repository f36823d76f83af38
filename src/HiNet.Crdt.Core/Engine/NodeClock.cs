using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine;

/// <summary>
/// The wall clock as the core knows it: readings carried forward by the monotonic clock, and what members' clocks say.
/// The median over people keeps one wrong or lying clock from moving anything, on however many links it is told.
/// </summary>
internal sealed class NodeClock
{
    private readonly SortedDictionary<long, (IdentityId Member, long Offset)> _peerOffsets = [];
    private long _wallAtZero;

    /// <summary>Median of the own clock (0) and each member's offset to it, in milliseconds; the smaller of two middle ones.</summary>
    public long MedianOffset { get; private set; }

    public bool IsSet { get; private set; }

    public bool IsOff => Math.Abs(MedianOffset) > Limits.ClockTolerance.TotalMilliseconds;

    /// <summary>
    /// The wall clock was read. One that was set back makes every member's offset to it another, by as much. One that went forward was
    /// set, or the machine slept while the monotonic clock stood still: then members' clocks have gone on, too, and what they were says
    /// nothing any more.
    /// </summary>
    /// <returns>True when it went forward beyond the tolerance, and members' clocks are forgotten.</returns>
    public bool Read(long unixMilliseconds, Instant now)
    {
        var wallAtZero = unixMilliseconds - (now.Microseconds / 1000);
        var step = wallAtZero - _wallAtZero;
        var wentForward = IsSet && step > Limits.ClockTolerance.TotalMilliseconds;
        if (wentForward)
        {
            _peerOffsets.Clear();
        }

        foreach (var (link, (member, offset)) in _peerOffsets.ToList())
        {
            _peerOffsets[link] = (member, offset - step);
        }

        MedianOffset = Median();
        _wallAtZero = wallAtZero;
        IsSet = true;
        return wentForward;
    }

    /// <summary>This node's own wall clock, Unix milliseconds.</summary>
    public long Wall(Instant now) => _wallAtZero + (now.Microseconds / 1000);

    /// <summary>
    /// What this node stamps its entries with: corrected when it is clearly off, but never further above the own clock than others take,
    /// whatever members say. A clock that is behind needs no more: an entry's time is above that of all it follows.
    /// </summary>
    public long Corrected(Instant now) => Wall(now) + (IsOff ? Math.Min(MedianOffset, Ahead(now, Limits.FutureTolerance)) : 0);

    /// <summary>Entries stamped later than this are parked. Members' clocks move it by a day at most.</summary>
    public long Limit(Instant now) =>
        Wall(now) + Math.Clamp(MedianOffset, 0, Ahead(now, Limits.ClockCorrection)) + (long)Limits.FutureTolerance.TotalMilliseconds;

    /// <summary>An authenticated member's clock, as read on a link; null forgets it. True when this made the clock off, or no longer.</summary>
    public bool Observe(long link, IdentityId member, long? peerUnixMilliseconds, Instant now)
    {
        if (peerUnixMilliseconds is { } peer)
        {
            _peerOffsets[link] = (member, Math.Clamp(peer, 0, 1L << 48) - Wall(now));
        }
        else
        {
            _peerOffsets.Remove(link);
        }

        var wasOff = IsOff;
        MedianOffset = Median();
        return wasOff != IsOff;
    }

    // A clock that shows a time before there was this protocol was never set: then any other is better.
    private long Ahead(Instant now, TimeSpan most) =>
        Wall(now) < Limits.EarliestTime ? long.MaxValue : (long)most.TotalMilliseconds;

    private long Median()
    {
        var offsets = _peerOffsets.Values.GroupBy(peer => peer.Member).Select(peers => peers.Last().Offset).Append(0).Order().ToList();
        var (low, high) = (offsets[(offsets.Count - 1) / 2], offsets[offsets.Count / 2]);
        return Math.Abs(low) <= Math.Abs(high) ? low : high;
    }
}
