using System.Diagnostics.Metrics;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>Bytes on this process's links in both directions, handshakes included, as the engine's own meter counts them.</summary>
internal sealed class LinkTraffic : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _bytes;

    public LinkTraffic()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "HiNet.Crdt", Name: "hinet.link.io" })
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
