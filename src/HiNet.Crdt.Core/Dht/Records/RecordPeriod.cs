using System.Buffers.Binary;

namespace HiNet.Crdt.Core.Dht.Records;

/// <summary>A stretch of about a day in which a secret's records stay where they are; <see cref="RecordSchedule"/> says when it begins.</summary>
/// <param name="Number">The day since 1970 that it begins in.</param>
public readonly record struct RecordPeriod(long Number)
{
    /// <summary>The one after.</summary>
    public RecordPeriod Next => new(Number + 1);

    /// <summary>The one before.</summary>
    public RecordPeriod Previous => new(Number - 1);

    /// <summary>Eight bytes, little-endian, written to <paramref name="bytes"/>: how a period goes into a hash.</summary>
    internal ReadOnlySpan<byte> Encode(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Number);
        return bytes;
    }
}
