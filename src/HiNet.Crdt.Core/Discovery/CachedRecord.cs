using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Discovery;

/// <summary>
/// A record of another's, until its time is over: to be asked for again when 80, 85, 90 and 95 percent of it have passed
/// (RFC 6762, section 5.2).
/// </summary>
internal sealed class CachedRecord
{
    private const int FirstRefresh = 80;
    private const int RefreshStep = 5;
    private const int Refreshes = 4;

    // What a hostile sender may make us do: neither ask again every second, nor keep it for years.
    private const uint LeastSeconds = 10;
    private const uint MostSeconds = OwnService.LongSeconds;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _life;
    private readonly TimeSpan _jitter;
    private int _refreshes;

    internal CachedRecord(DnsData data, uint seconds, MdnsContext context, Instant now)
    {
        Data = data;
        Received = now;
        _life = TimeSpan.FromSeconds(Math.Clamp(seconds, LeastSeconds, MostSeconds));
        _jitter = _life * (context.Jitter(0, 20).TotalMilliseconds / 1000);
        Expires = now + _life;
    }

    internal DnsData Data { get; }

    internal Instant Received { get; }

    internal Instant Expires { get; private set; }

    /// <summary>When to ask for it again; <see cref="Instant.Never"/> once that was done often enough.</summary>
    internal Instant NextRefresh => _refreshes < Refreshes && Expires >= Received + _life
        ? Received + (_life * ((FirstRefresh + (RefreshStep * _refreshes)) / 100.0)) + _jitter
        : Instant.Never;

    internal Instant Next => Instant.Min(NextRefresh, Expires);

    internal bool TryRefresh(Instant now)
    {
        if (NextRefresh > now)
        {
            return false;
        }

        _refreshes++;
        return true;
    }

    /// <summary>Goodbye, or replaced: a second is left in which its owner may say otherwise (sections 10.1 and 10.2).</summary>
    internal void ExpireSoon(Instant now) => Expires = Instant.Min(Expires, now + Grace);

    internal bool IsExpired(Instant now) => Expires <= now;

    /// <summary>The rest of its life in whole seconds, or 0 when less than half of it is left: then it is no known answer (section 7.1).</summary>
    internal uint KnownSeconds(Instant now)
    {
        var left = Expires - now;
        return left > _life / 2 ? (uint)left.TotalSeconds : 0;
    }
}
