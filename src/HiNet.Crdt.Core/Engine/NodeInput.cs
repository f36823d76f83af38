using HiNet.Crdt.Core.Dht;

namespace HiNet.Crdt.Core.Engine;

/// <summary>What happened to a node. Closed: only the records in this file.</summary>
public abstract record NodeInput
{
    private NodeInput()
    {
    }

    /// <summary>A byte stream to another node is there; <paramref name="Address"/> is what was dialled, if anything was.</summary>
    public sealed record LinkOpened(LinkId Link, bool IsInitiator, string? Address) : NodeInput;

    /// <summary>Bytes came in on a stream; the memory is read before the call returns and not kept.</summary>
    public sealed record BytesReceived(LinkId Link, ReadOnlyMemory<byte> Bytes) : NodeInput;

    /// <summary>So many bytes of what was sent on a stream have left, since this was last said.</summary>
    public sealed record LinkProgressed(LinkId Link, long Bytes) : NodeInput;

    /// <summary>The stream has ended, for whatever reason.</summary>
    public sealed record LinkEnded(LinkId Link, string Reason) : NodeInput;

    /// <summary>No stream could be opened to an address.</summary>
    public sealed record DialFailed(string Address, string Reason) : NodeInput;

    /// <summary>A batch is durable. Batches become durable in the order in which they were asked for.</summary>
    public sealed record Persisted(long Batch) : NodeInput;

    /// <summary>A batch could not be written; nothing of it is durable.</summary>
    public sealed record PersistFailed(long Batch, string Problem) : NodeInput;

    /// <summary>A signature was checked.</summary>
    public sealed record Verified(long Token, bool IsValid) : NodeInput;

    /// <summary>The wall clock was read: Unix time in milliseconds. Given once before all else, then at least once a minute and after every step.</summary>
    public sealed record WallClockRead(long UnixMilliseconds) : NodeInput;

    /// <summary>A datagram came in; the memory is read before the call returns and not kept.</summary>
    public sealed record DatagramReceived(Endpoint From, ReadOnlyMemory<byte> Bytes) : NodeInput;

    /// <summary>Where nodes of the DHT may be, by the owner's word.</summary>
    public sealed record BootstrapResolved(IReadOnlyList<Endpoint> Endpoints) : NodeInput;

    /// <summary>LAN discovery has found a node that seems to hold these secrets, by the ids of <see cref="NodeEffect.Recognise"/>.</summary>
    public sealed record NeighbourFound(IReadOnlyList<string> Addresses, IReadOnlyList<Bytes32> Secrets) : NodeInput;

    /// <summary>The application asks for something; answered by one <see cref="NodeEffect.Complete"/>.</summary>
    public sealed record Commanded(long Command, NodeCommand Operation) : NodeInput;
}
