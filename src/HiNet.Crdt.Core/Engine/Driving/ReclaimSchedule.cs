using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Driving;

/// <summary>
/// When the bytes of erased rows are reclaimed, which takes the disk for a while: in its first quiet moment, after
/// <see cref="LongestWait"/> in any case, but never so that it takes more than one part in <see cref="Rest"/> of the time. What a deletion
/// costs grows with the store and not with what was deleted, and everybody in a conversation may delete what is theirs, as often as they like.
/// An earlier run may have left some, so a new one begins with some due.
/// </summary>
/// <param name="now">The time of the start.</param>
public sealed class ReclaimSchedule(Instant now)
{
    /// <summary>Nothing to write for so long is a quiet moment.</summary>
    public static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(250);

    /// <summary>Erased bytes stay no longer than this, however busy the disk is, unless it was reclaimed a moment ago.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>After it was reclaimed comes a pause of so many times what that took.</summary>
    public const int Rest = 100;

    /// <summary>No pause is longer.</summary>
    public static readonly TimeSpan LongestRest = TimeSpan.FromHours(1);

    /// <summary>When the first batch that erased was begun, of those that are not reclaimed.</summary>
    private Instant _since = now;

    /// <summary>When the disk was written to last.</summary>
    private Instant _written = now;

    /// <summary>When the pause ends.</summary>
    private Instant _rested = now;

    /// <summary>Something was erased and not reclaimed.</summary>
    public bool IsPending { get; private set; } = true;

    /// <summary>When to reclaim, if nothing is written until then; null when nothing is due.</summary>
    public Instant? Due => IsPending ? Instant.Max(_rested, Instant.Min(_written + QuietTime, _since + LongestWait)) : null;

    /// <summary>A batch is durable.</summary>
    /// <param name="begun">When it was begun.</param>
    /// <param name="ended">When it was durable.</param>
    /// <param name="erases">Whether it erased something.</param>
    public void Wrote(Instant begun, Instant ended, bool erases)
    {
        _written = ended;
        if (erases)
        {
            _since = IsPending ? _since : begun;
            IsPending = true;
        }
    }

    /// <summary>It is being reclaimed: what is erased from now on is due again.</summary>
    public void Began() => IsPending = false;

    /// <summary>It was reclaimed, or could not be: what is due then is kept in the store, for the next run.</summary>
    /// <param name="now">The time.</param>
    /// <param name="took">From <see cref="Began"/>.</param>
    public void Ended(Instant now, TimeSpan took)
    {
        var rest = took < LongestRest / Rest ? Rest * took : LongestRest;
        _rested = now + rest;
    }
}
