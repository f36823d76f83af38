using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// How long to wait for an answer: the smoothed round trip and four times its deviation, as TCP has it (RFC 6298), within bounds. One
/// wait serves for everybody, so each network counts once in half a minute: who answers late teaches it little, however often they are asked.
/// </summary>
internal sealed class RoundTripEstimator(DhtOptions options)
{
    internal const int MaxNetworks = 1_024;

    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly LeastRecentlyUsed<UInt128, Instant> _heard = new(MaxNetworks);
    private long _smoothed;
    private long _deviation;

    public TimeSpan Timeout
    {
        get
        {
            if (_smoothed == 0)
            {
                return options.InitialTimeout;
            }

            var wait = TimeSpan.FromMicroseconds(_smoothed + (4 * _deviation));
            return wait < options.MinTimeout ? options.MinTimeout : wait > options.MaxTimeout ? options.MaxTimeout : wait;
        }
    }

    public void Measured(Endpoint from, TimeSpan roundTrip, Instant now)
    {
        if (!options.IsExempt(from.Address))
        {
            if (_heard.TryGet(from.Network, out var last) && now - last < Pause)
            {
                return;
            }

            _heard.Set(from.Network, now);
        }

        var sample = Math.Max(1, roundTrip.Ticks / TimeSpan.TicksPerMicrosecond);
        if (_smoothed == 0)
        {
            _smoothed = sample;
            _deviation = sample / 2;
            return;
        }

        _deviation += (Math.Abs(sample - _smoothed) - _deviation) / 4;
        _smoothed += (sample - _smoothed) / 8;
    }
}
