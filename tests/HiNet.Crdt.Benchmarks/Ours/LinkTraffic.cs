using System.Diagnostics.Metrics;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>Bytes of this process in both directions, as the engine's own meter counts them: on links, handshakes included, and in datagrams if asked for.</summary>
internal sealed class LinkTraffic : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _bytes;

    public LinkTraffic(bool withDatagrams = false)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "HiNet.Crdt", Name: "hinet.link.io" }
                || (withDatagrams && instrument is { Meter.Name: "HiNet.Crdt", Name: "hinet.datagram.io" }))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, bytes, _, _) => Interlocked.Add(ref _bytes, bytes));
        _listener.Start();
    }

    public long Bytes => Interlocked.Read(ref _bytes);

    public void Dispose() => _listener.Dispose();
}
