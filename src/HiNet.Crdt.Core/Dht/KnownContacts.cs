using System.Buffers.Binary;
using Google.Protobuf;

namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// The contacts that an asker has heard of already, so that the answer need not name them again: two bytes of each id, other ones
/// for other transactions, so that a contact which shares them with another is left out of one answer and not of all.
/// <c>specs/12-dht.md</c>, "Datagrams".
/// </summary>
internal static class KnownContacts
{
    /// <summary>Contacts in one query.</summary>
    public const int Most = 32;

    private const int TagSize = sizeof(ushort);

    public static bool IsWellFormed(ReadOnlySpan<byte> known) => known.Length <= Most * TagSize && known.Length % TagSize == 0;

    /// <summary>The field for these ids, of which the first <see cref="Most"/> count.</summary>
    public static ByteString Write(IReadOnlyList<DhtId> ids, ulong transaction)
    {
        var known = new byte[Math.Min(ids.Count, Most) * TagSize];
        for (var i = 0; i < known.Length / TagSize; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(known.AsSpan(i * TagSize), TagOf(ids[i], transaction));
        }

        return UnsafeByteOperations.UnsafeWrap(known);
    }

    /// <summary>Whether an id is among those of a field, or seems to be: one in 2,000 does at most that is not.</summary>
    public static bool Contains(ReadOnlySpan<byte> known, DhtId id, ulong transaction)
    {
        var tag = TagOf(id, transaction);
        for (var i = 0; i < known.Length; i += TagSize)
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(known[i..]) == tag)
            {
                return true;
            }
        }

        return false;
    }

    // From the second half of the id: neighbours share the first bytes.
    private static ushort TagOf(DhtId id, ulong transaction) => id.Word16(8 + (int)(transaction % 8));
}
