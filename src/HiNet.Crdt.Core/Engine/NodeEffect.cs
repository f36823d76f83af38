using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine;

/// <summary>What a node wants done. Closed: only the records in this file. Carried out in order; a failure comes back as an input.</summary>
public abstract record NodeEffect
{
    private NodeEffect()
    {
    }

    /// <summary>Write bytes to a stream, in order.</summary>
    public sealed record Send(LinkId Link, ReadOnlyMemory<byte> Bytes) : NodeEffect;

    /// <summary>End a stream, after what was sent before has been flushed.</summary>
    public sealed record Disconnect(LinkId Link, string Reason) : NodeEffect;

    /// <summary>Open a stream to host:port; answered by <see cref="NodeInput.LinkOpened"/> or <see cref="NodeInput.DialFailed"/>.</summary>
    public sealed record Dial(string Address) : NodeEffect;

    /// <summary>Send a datagram from the port that <see cref="NodeInput.DatagramReceived"/> comes in on; nobody waits to hear whether that worked.</summary>
    public sealed record SendDatagram(Endpoint To, ReadOnlyMemory<byte> Bytes) : NodeEffect;

    /// <summary>Let LAN discovery recognise those who hold one of these secrets, in place of those before; answered by <see cref="NodeInput.NeighbourFound"/>.</summary>
    public sealed record Recognise(IReadOnlyList<MdnsSecret> Secrets) : NodeEffect;

    /// <summary>Make a batch durable; answered by <see cref="NodeInput.Persisted"/> or <see cref="NodeInput.PersistFailed"/>. One is under way at a time.</summary>
    public sealed record Persist(long Batch, WriteBatch Writes) : NodeEffect;

    /// <summary>Check an Ed25519 signature, on any core; answered by <see cref="NodeInput.Verified"/>, in any order.</summary>
    public sealed record Verify(long Token, DeviceId Key, ReadOnlyMemory<byte> Message, ReadOnlyMemory<byte> Signature) : NodeEffect;

    /// <summary>Answer a command.</summary>
    public sealed record Complete(long Command, NodeResult Result) : NodeEffect;

    /// <summary>Everything up to a cursor is durable and may be shown to subscribers.</summary>
    public sealed record Publish(ConversationId Conversation, EventCursor UpTo) : NodeEffect;

    /// <summary>Tell subscribers of the node's own events.</summary>
    public sealed record Announce(NodeEvent Event) : NodeEffect;

    /// <summary>Count something; names and units are those of the meter <c>HiNet.Crdt</c>.</summary>
    public sealed record Count(string Instrument, long Amount) : NodeEffect;
}
