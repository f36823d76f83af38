namespace HiNet.Crdt.Core.Dht;

/// <summary>How long to wait for an answer: the smoothed round trip and four times its deviation, as TCP has it (RFC 6298), within bounds.</summary>
internal sealed class RoundTripEstimator(DhtOptions options)
{
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

    public void Measured(TimeSpan roundTrip)
    {
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
