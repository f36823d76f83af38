using System.Buffers.Binary;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>
/// What stands at a place in the order of events that belongs to no arrival: the arrival of the entry that became readable there (8),
/// and how many such places there are up to this one (8), big-endian.
/// </summary>
internal static class RevealedPlace
{
    public static byte[] Encode(ulong arrival, ulong count)
    {
        var place = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(place, arrival);
        BinaryPrimitives.WriteUInt64BigEndian(place.AsSpan(8), count);
        return place;
    }

    public static (ulong Arrival, ulong Count) Decode(ReadOnlySpan<byte> place) =>
        (BinaryPrimitives.ReadUInt64BigEndian(place), BinaryPrimitives.ReadUInt64BigEndian(place[8..]));
}
