namespace HiNet.Crdt.Core.Ports;

/// <summary>
/// Randomness for protocol choices (jitter, peer choice), never for keys. A draw is a function of (seed, stream, counter),
/// so that leaving one operation out of a run shifts no other draw.
/// </summary>
public interface IRandomSource
{
    ulong Draw(RandomStream stream, ulong counter);
}

/// <summary>Who draws; each consumer owns a stream and counts its own draws.</summary>
public enum RandomStream
{
    DialBackoff = 1,
    SyncPeer = 2,
    ReceiptDelay = 3,
    Dht = 4,
    Meeting = 5,
    LanDiscovery = 16,
}
