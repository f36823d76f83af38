using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>A contact with its id worked out. Never changes, so tables and lookups share it.</summary>
internal sealed class DhtPeer(DhtContact contact, DhtId id)
{
    public DhtContact Contact { get; } = contact;

    public DhtId Id { get; } = id;

    public Bytes32 Key => Contact.NodeKey;

    public Endpoint Endpoint => Contact.Endpoint;

    public static DhtPeer Of(ICryptography cryptography, DhtContact contact) => new(contact, DhtId.OfNode(cryptography, contact.NodeKey));
}
