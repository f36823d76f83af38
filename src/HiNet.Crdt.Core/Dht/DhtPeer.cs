using System.Buffers.Binary;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>A contact with what is worked out of it. Never changes, so tables and lookups share it.</summary>
internal sealed class DhtPeer(DhtContact contact, DhtId id)
{
    private UInt128? _digest;

    public DhtContact Contact { get; } = contact;

    public DhtId Id { get; } = id;

    public Bytes32 Key => Contact.NodeKey;

    public Endpoint Endpoint => Contact.Endpoint;

    /// <summary>A hash of key and endpoint: the same key at another address is another contact.</summary>
    public UInt128 Digest(ICryptography cryptography)
    {
        if (_digest is not { } digest)
        {
            Span<byte> hash = stackalloc byte[16];
            cryptography.Blake2bJoined(first: Domains.DhtContact, second: Contact.Encode(), digest: hash);
            _digest = digest = BinaryPrimitives.ReadUInt128BigEndian(hash);
        }

        return digest;
    }

    public static DhtPeer Of(ICryptography cryptography, DhtContact contact) => new(contact, DhtId.OfNode(cryptography, contact.NodeKey));
}
