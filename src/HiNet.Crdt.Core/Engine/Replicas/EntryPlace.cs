using System.Buffers.Binary;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>Where an entry lies in the store: conversation number (4) and place of arrival (8), big-endian.</summary>
internal static class EntryPlace
{
    public static byte[] Encode(uint conversation, ulong arrival)
    {
        var place = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(place, conversation);
        BinaryPrimitives.WriteUInt64BigEndian(place.AsSpan(4), arrival);
        return place;
    }

    public static (uint Conversation, ulong Arrival) Decode(ReadOnlySpan<byte> place) =>
        (BinaryPrimitives.ReadUInt32BigEndian(place), BinaryPrimitives.ReadUInt64BigEndian(place[4..]));
}
