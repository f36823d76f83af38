using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>Which addresses to link to, and when to try again: at once, then with a delay that doubles, with jitter, up to a bound.</summary>
internal sealed class DialPlan(IRandomSource random)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LastDelay = TimeSpan.FromSeconds(15);

    private readonly SortedList<string, Target> _targets = new(StringComparer.Ordinal);
    private ulong _draws;

    public Instant Deadline
    {
        get
        {
            var deadline = Instant.Never;
            for (var i = 0; i < _targets.Count; i++)
            {
                deadline = Instant.Min(deadline, _targets.GetValueAtIndex(i).NextAttempt);
            }

            return deadline;
        }
    }

    /// <summary>Keeps an address linked from now on; a second time changes nothing.</summary>
    public void Keep(string address, Instant now)
    {
        if (!_targets.ContainsKey(address))
        {
            _targets[address] = new Target { NextAttempt = now };
        }
    }

    public void Drop(string address) => _targets.Remove(address);

    /// <summary>Addresses whose time has come.</summary>
    public IEnumerable<string> Due(Instant now)
    {
        foreach (var (address, target) in _targets)
        {
            if (target.NextAttempt <= now)
            {
                target.NextAttempt = Instant.Never;
                yield return address;
            }
        }
    }

    /// <summary>A dial or the link that it made has ended.</summary>
    public void Failed(string address, Instant now)
    {
        if (_targets.TryGetValue(address, out var target) && target.NextAttempt == Instant.Never)
        {
            target.Failures = Math.Min(target.Failures + 1, 10);
            var delay = Math.Min(FirstDelay.Ticks << (target.Failures - 1), LastDelay.Ticks);
            var jitter = (long)(random.Draw(RandomStream.DialBackoff, _draws++) % (ulong)(delay / 2));
            target.NextAttempt = now + TimeSpan.FromTicks((delay * 3 / 4) + jitter);
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

    private sealed class Target
    {
        public Instant NextAttempt { get; set; }

        public int Failures { get; set; }
    }
}
