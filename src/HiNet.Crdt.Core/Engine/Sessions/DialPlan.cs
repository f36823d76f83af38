using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>Which addresses to link to, and when to try again: at once, then with a delay that doubles, with jitter, up to a bound.</summary>
internal sealed class DialPlan(IRandomSource random)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LastDelay = TimeSpan.FromSeconds(15);

    /// <summary>Failures in a row after which an address is dialled only every few minutes: whoever comes back looks for us too.</summary>
    private const int LastingFailures = 40;

    private static readonly TimeSpan LastingDelay = TimeSpan.FromMinutes(5);

    /// <summary>Dials of an address that somebody was seen at.</summary>
    private const int Attempts = 4;

    /// <summary>Such addresses of one source at a time: others can name any number, and those that were named longest ago give way.</summary>
    internal const int MostTried = 128;

    /// <summary>Dials under way at a time of addresses that are kept linked; each takes a file descriptor for some ten seconds.</summary>
    internal const int MostKeptAtOnce = 128;

    /// <summary>The same of addresses that somebody was seen at, by source: those that gave way meanwhile still count.</summary>
    internal const int MostTriedAtOnce = 32;

    /// <summary>Dials that have not ended, by address: how many, and of which source the first was.</summary>
    private readonly Dictionary<string, (int Dials, DialSource Source)> _underWay = new(StringComparer.Ordinal);

    /// <summary>Dials in <see cref="_underWay"/> by source: 0 to what <see cref="Room"/> says.</summary>
    private readonly int[] _dialling = new int[3];

    /// <summary>Those that are tried by source, in the order in which they were named first; of what is kept, none.</summary>
    private readonly LinkedList<string>[] _tried = [[], [], []];

    private readonly SortedList<string, Target> _targets = new(StringComparer.Ordinal);
    private ulong _draws;

    public Instant Deadline
    {
        get
        {
            var deadline = Instant.Never;
            for (var i = 0; i < _targets.Count; i++)
            {
                var target = _targets.GetValueAtIndex(i);
                deadline = HasRoomFor(target) ? Instant.Min(deadline, target.NextAttempt) : deadline;
            }

            return deadline;
        }
    }

    /// <summary>Keeps an address linked from a moment on; a second time changes nothing. True when it was not kept before.</summary>
    public bool Keep(string address, Instant from)
    {
        if (!_targets.TryGetValue(address, out var known))
        {
            _targets[address] = new Target { NextAttempt = from };
            return true;
        }

        if (known.Place is not { } place)
        {
            return false;
        }

        _tried[(int)known.Source].Remove(place);
        (known.Source, known.AttemptsLeft, known.Place) = (DialSource.Kept, null, null);
        return true;
    }

    /// <summary>Dials an address where someone was seen, a few times; one that is kept linked stays so, and is dialled at once.</summary>
    public void Try(string address, DialSource source, Instant now)
    {
        if (_targets.TryGetValue(address, out var known))
        {
            known.AttemptsLeft = known.AttemptsLeft is null ? null : Attempts;
            known.Failures = 0;
            known.NextAttempt = known.NextAttempt == Instant.Never ? Instant.Never : now;
        }
        else
        {
            var tried = _tried[(int)source];
            if (tried.Count == MostTried)
            {
                Forget(tried.First!.Value);
            }

            _targets[address] = new Target { Source = source, NextAttempt = now, AttemptsLeft = Attempts, Place = tried.AddLast(address) };
        }
    }

    /// <summary>Whoever is at an address is linked already: one that was only tried has done what it was for.</summary>
    public void Found(string address)
    {
        if (_targets.TryGetValue(address, out var known) && known.Place is not null)
        {
            Forget(address);
        }
    }

    /// <summary>
    /// Addresses whose time has come, as long as there is room for their dials; each counts as dialled until <see cref="Ended"/>. To be
    /// enumerated once.
    /// </summary>
    public IEnumerable<string> Due(Instant now)
    {
        foreach (var (address, target) in _targets)
        {
            if (target.NextAttempt <= now && HasRoomFor(target))
            {
                target.NextAttempt = Instant.Never;
                Begin(address, target.Source);
                yield return address;
            }
        }
    }

    /// <summary>A dial brought a link, failed, or was not made.</summary>
    public void Ended(string address)
    {
        if (_underWay.TryGetValue(address, out var dial))
        {
            _dialling[(int)dial.Source]--;
            if (dial.Dials == 1)
            {
                _underWay.Remove(address);
            }
            else
            {
                _underWay[address] = dial with { Dials = dial.Dials - 1 };
            }
        }
    }

    /// <summary>A dial or the link that it made has ended.</summary>
    public void Failed(string address, Instant now)
    {
        if (_targets.TryGetValue(address, out var target) && target.NextAttempt == Instant.Never)
        {
            if (target.AttemptsLeft is { } left && --left <= 0)
            {
                Forget(address);
                return;
            }

            target.AttemptsLeft = target.AttemptsLeft is null ? null : target.AttemptsLeft - 1;
            target.Failures++;
            var delay = target.Failures > LastingFailures
                ? LastingDelay.Ticks
                : Math.Min(FirstDelay.Ticks << Math.Min(target.Failures - 1, 10), LastDelay.Ticks);
            var jitter = (long)(random.Draw(RandomStream.DialBackoff, _draws++) % (ulong)(delay / 2));
            target.NextAttempt = now + TimeSpan.FromTicks((delay * 3 / 4) + jitter);
        }
    }

    /// <summary>Whether nobody has answered at an address for so long that it is dialled seldom.</summary>
    public bool IsGivenUp(string address) => _targets.TryGetValue(address, out var target) && target.Failures > LastingFailures;

    /// <summary>Dials an address no more.</summary>
    public void Forget(string address)
    {
        if (_targets.Remove(address, out var target) && target.Place is { } place)
        {
            _tried[(int)target.Source].Remove(place);
        }
    }

    /// <summary>A link to the address is up: the next failure starts with the shortest delay again.</summary>
    public void Succeeded(string address)
    {
        if (_targets.TryGetValue(address, out var target))
        {
            target.Failures = 0;
        }
    }

    private static int Room(DialSource source) => source == DialSource.Kept ? MostKeptAtOnce : MostTriedAtOnce;

    private bool HasRoomFor(Target target) => _dialling[(int)target.Source] < Room(target.Source);

    private void Begin(string address, DialSource source)
    {
        // An address that gave way and was named again may have two: both count as the first one does.
        var dial = _underWay.TryGetValue(address, out var before) ? before with { Dials = before.Dials + 1 } : (Dials: 1, Source: source);
        _underWay[address] = dial;
        _dialling[(int)dial.Source]++;
    }

    private sealed class Target
    {
        public DialSource Source { get; set; }

        public Instant NextAttempt { get; set; }

        public int Failures { get; set; }

        /// <summary>Null for an address that is kept linked.</summary>
        public int? AttemptsLeft { get; set; }

        /// <summary>Among those that are tried; null exactly where <see cref="AttemptsLeft"/> is.</summary>
        public LinkedListNode<string>? Place { get; set; }
    }
}
