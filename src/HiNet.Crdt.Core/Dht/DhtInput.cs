namespace HiNet.Crdt.Core.Dht;

/// <summary>What happened to a node of the DHT. Closed: only the records in this file.</summary>
public abstract record DhtInput
{
    private DhtInput()
    {
    }

    /// <summary>A datagram came in; the memory is read before the call returns and not kept.</summary>
    public sealed record DatagramReceived(Endpoint From, ReadOnlyMemory<byte> Bytes) : DhtInput;

    /// <summary>The wall clock was read: Unix time in milliseconds. Before the first reading nothing is stored for others.</summary>
    public sealed record WallClockRead(long UnixMilliseconds) : DhtInput;

    /// <summary>A signature was checked.</summary>
    public sealed record Verified(long Token, bool IsValid) : DhtInput;

    /// <summary>Somebody asks for something; answered by one <see cref="DhtEffect.Complete"/>. A number is used once.</summary>
    public sealed record Commanded(long Operation, DhtOperation Command) : DhtInput;

    /// <summary>Where nodes may be whose keys are unknown: asked now, and again, ever more seldom, while the table is empty. At most 16 count.</summary>
    public sealed record Bootstrap(IReadOnlyList<Endpoint> Endpoints) : DhtInput;

    /// <summary>What <see cref="DhtEffect.KeepContacts"/> said in an earlier life; each has to prove itself again. At most 512 count.</summary>
    public sealed record ContactsKept(IReadOnlyList<DhtContact> Contacts) : DhtInput;

    /// <summary>The node is about to stop: what it knows now is what it begins with next time.</summary>
    public sealed record Stopping : DhtInput;
}
