using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>
/// What one channel asks its other end for: the bodies of entries that were applied without them. It goes through all of them, a few at a
/// time, and again later for as long as the other end has said of some neither what they are nor that they were deleted.
/// </summary>
internal sealed class BodyRequests(AbsentBodies absent)
{
    /// <summary>Entries named in one message.</summary>
    public const int MostAtOnce = 64;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LastDelay = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Everything up to here was asked for in this pass; empty at its beginning.</summary>
    private byte[] _place = [];

    /// <summary>What was asked for and not answered yet, in order.</summary>
    private IReadOnlyList<(byte[] Place, EntryId Entry)> _asked = [];

    /// <summary>Something of this pass was answered neither way.</summary>
    private bool _isOpen;

    /// <summary>How many had been found absent when this pass began.</summary>
    private ulong _found;

    private TimeSpan _delay = FirstDelay;

    /// <summary>When there is something to ask, or an answer is waited for no more.</summary>
    public Instant Deadline { get; private set; } = Instant.Never;

    /// <summary>Bytes that are kept, about.</summary>
    public long KeptBytes => _asked.Count * 120L;

    /// <summary>
    /// The channel is ready, or more was applied: what has become absent is asked for soon. A pass that is under way comes first: it may
    /// have gone past the place of what has become absent since it began.
    /// </summary>
    public void Look(Instant now)
    {
        if (absent.HasAny && absent.Found != _found && _asked.Count == 0 && _place.Length == 0)
        {
            _found = absent.Found;
            _delay = FirstDelay;
            Deadline = Instant.Min(Deadline, now + FirstDelay);
        }
    }

    /// <summary>The channel is ready: all that is absent is asked for soon.</summary>
    public void Begin(Instant now)
    {
        _found = absent.Found;
        Deadline = absent.HasAny ? now + FirstDelay : Instant.Never;
    }

    /// <summary>The channel has other things to do first.</summary>
    public void Postpone(Instant now) => Deadline = now + FirstDelay;

    /// <summary>The next entries to ask for; none when a pass has ended, or the answer to the last ones did not come.</summary>
    public IReadOnlyList<EntryId> Next(Instant now)
    {
        if (_asked.Count > 0)
        {
            _isOpen = true;
            EndPass(now);
            return [];
        }

        _asked = absent.Behind(_place, MostAtOnce);
        if (_asked.Count == 0)
        {
            EndPass(now);
            return [];
        }

        Deadline = now + Patience;
        return [.. _asked.Select(asked => asked.Entry)];
    }

    /// <summary>Whether an answer may speak of an entry.</summary>
    public bool IsAsked(EntryId entry) => _asked.Any(asked => asked.Entry == entry);

    /// <summary>The answer came; true when more is to be asked for now. One that nobody waits for, or no more, says nothing.</summary>
    /// <param name="considered">Of so many of the entries that were asked for, from the first, the other end has said what it has.</param>
    /// <param name="settled">Of so many of these it had the body, or said that it was deleted.</param>
    /// <param name="now">When.</param>
    public bool Answered(int considered, int settled, Instant now)
    {
        if (_asked.Count == 0)
        {
            return false;
        }

        considered = Math.Min(considered, _asked.Count);
        _isOpen |= settled < considered || considered == 0;
        if (considered == 0)
        {
            EndPass(now);
            return false;
        }

        _place = _asked[considered - 1].Place;
        _asked = [];
        return true;
    }

    private void EndPass(Instant now)
    {
        Deadline = _isOpen ? now + _delay : Instant.Never;
        _delay = _isOpen ? TimeSpan.FromTicks(Math.Min(_delay.Ticks * 2, LastDelay.Ticks)) : FirstDelay;
        (_place, _asked, _isOpen) = ([], [], false);
        Look(now);
    }
}
