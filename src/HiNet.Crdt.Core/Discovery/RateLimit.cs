using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Discovery;

/// <summary>At most so many in each second that begins with the first.</summary>
internal sealed class RateLimit(int perSecond)
{
    private Instant _since = new(long.MinValue);
    private int _taken;

    internal bool TryTake(Instant now, int amount = 1)
    {
        if (now >= _since + TimeSpan.FromSeconds(1))
        {
            _since = now;
            _taken = 0;
        }

        var fits = _taken + amount <= perSecond;
        _taken += fits ? amount : 0;
        return fits;
    }

    /// <summary>When there will be more, once none are left.</summary>
    internal Instant Renewal => _since + TimeSpan.FromSeconds(1);
}
