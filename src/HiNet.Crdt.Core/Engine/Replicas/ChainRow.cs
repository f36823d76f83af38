using System.Buffers.Binary;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>A place on a device's chain as it lies in the store.</summary>
internal readonly record struct ChainRow(ulong Seq, ulong Arrival, EntryId Id)
{
    public static ChainRow Decode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => new(
        BinaryPrimitives.ReadUInt64BigEndian(key[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(key[16..]),
        new EntryId(value));
}
