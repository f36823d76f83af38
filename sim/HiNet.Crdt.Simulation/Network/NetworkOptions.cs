using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Simulation.Network;

/// <summary>How the network of a world behaves when no fault is on. Probabilities are between 0 and 1.</summary>
public sealed record NetworkOptions
{
    /// <summary>The shortest way from node to node.</summary>
    public TimeSpan MinimumLatency { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The longest, without loss and congestion.</summary>
    public TimeSpan MaximumLatency { get; init; } = TimeSpan.FromMilliseconds(80);

    /// <summary>The share of segments (1,400 bytes) that are lost; a stream sends them again, later and later, and gives up after eight times.</summary>
    public double Loss { get; init; }

    /// <summary>The share of datagrams that arrive twice. Streams never repeat bytes.</summary>
    public double Duplicate { get; init; }

    /// <summary>The share of datagrams that arrive out of order. Streams never reorder bytes.</summary>
    public double Reorder { get; init; }

    /// <summary>The share of deliveries that come in two pieces: a stream keeps bytes, not the boundaries between them.</summary>
    public double Split { get; init; } = 0.05;

    /// <summary>The share of deliveries at which the link breaks instead.</summary>
    public double Reset { get; init; }

    /// <summary>What one direction of a link carries; 0 for no limit.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>What one end of a link may have waiting to be sent before the link is ended, in bytes; the engine keeps to a quarter of it.</summary>
    public long LinkBufferBytes { get; init; } = Limits.LinkBufferBytes;

    /// <summary>How long sent bytes may stay without arriving before the sender gives the link up.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a dial waits for an answer.</summary>
    public TimeSpan DialTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
