namespace HiNet.Crdt.Core.Dht;

/// <summary>What a node of the DHT wants done. Closed: only the records in this file.</summary>
public abstract record DhtEffect
{
    private DhtEffect()
    {
    }

    /// <summary>Send a datagram; nobody waits to hear whether that worked.</summary>
    public sealed record SendDatagram(Endpoint To, ReadOnlyMemory<byte> Bytes) : DhtEffect;

    /// <summary>Check an Ed25519 signature, on any core; answered by <see cref="DhtInput.Verified"/>, in any order.</summary>
    public sealed record Verify(long Token, Bytes32 Key, ReadOnlyMemory<byte> Message, ReadOnlyMemory<byte> Signature) : DhtEffect;

    /// <summary>
    /// A lookup of slots has found one whose signature holds; it goes on, and its result has this slot too, or a newer one of the same writer.
    /// So whoever reads what is found need not wait for those who answer slowly.
    /// </summary>
    public sealed record Found(long Operation, DhtSlot Slot) : DhtEffect;

    /// <summary>Answer a command.</summary>
    public sealed record Complete(long Operation, DhtResult Result) : DhtEffect;

    /// <summary>Keep these contacts, in place of those kept before, for <see cref="DhtInput.ContactsKept"/> at the next start.</summary>
    public sealed record KeepContacts(IReadOnlyList<DhtContact> Contacts) : DhtEffect;

    /// <summary>Count something; names are those of <see cref="DhtInstruments"/>.</summary>
    public sealed record Count(string Instrument, long Amount) : DhtEffect;
}
