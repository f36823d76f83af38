using System.Buffers.Binary;
using Google.Protobuf;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// The contacts that an asker has heard of already, so that the answer need not name them again: two bytes of each one's digest, other
/// ones for other transactions, so that a contact which shares them with another is left out of one answer and not of all. Who lies
/// about somebody's endpoint hides nobody: that is another contact.
/// <c>specs/12-dht.md</c>, "Datagrams".
/// </summary>
internal static class KnownContacts
{
    /// <summary>Contacts in one query.</summary>
    public const int Most = 32;

    private const int TagSize = sizeof(ushort);

    public static bool IsWellFormed(ReadOnlySpan<byte> known) => known.Length <= Most * TagSize && known.Length % TagSize == 0;

    /// <summary>The field for these, of which the first <see cref="Most"/> count.</summary>
    public static ByteString Write(ICryptography cryptography, IReadOnlyList<DhtPeer> peers, ulong transaction)
    {
        var known = new byte[Math.Min(peers.Count, Most) * TagSize];
        for (var i = 0; i < known.Length / TagSize; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(known.AsSpan(i * TagSize), TagOf(cryptography, peers[i], transaction));
        }

        return UnsafeByteOperations.UnsafeWrap(known);
    }

    /// <summary>Whether a contact is among those of a field, or seems to be: one in 2,000 does at most that is not.</summary>
    public static bool Contains(ICryptography cryptography, ReadOnlySpan<byte> known, DhtPeer peer, ulong transaction)
    {
        if (known.IsEmpty)
        {
            return false;
        }

        var tag = TagOf(cryptography, peer, transaction);
        for (var i = 0; i < known.Length; i += TagSize)
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(known[i..]) == tag)
            {
                return true;
            }
        }

        return false;
    }

    private static ushort TagOf(ICryptography cryptography, DhtPeer peer, ulong transaction) =>
        (ushort)(peer.Digest(cryptography) >> (112 - (16 * (int)(transaction % 8))));
}
