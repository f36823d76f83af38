using System.Buffers.Binary;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Storage.RocksDb;

/// <summary>
/// Writes a batch as RocksDB keeps it in its log, so that it crosses into native code as one block of memory instead of
/// one call a key. The layout (RocksDB's <c>write_batch.cc</c>): a sequence number of 8 bytes, filled in by RocksDB; the number
/// of records, 4 bytes little-endian; then records of a type byte, the family as varint (absent for the default family), and key
/// and, for a put, value, each behind its length as varint. One batch at a time; the memory is used again.
/// </summary>
internal sealed class BatchEncoder(uint[] familyIds)
{
    /// <summary>Bound on an encoded batch, in bytes: far above what a node writes, far below where RocksDB's own arithmetic ends.</summary>
    internal const int MaxSize = 1 << 30;

    private const int HeaderSize = 12;
    private const int CountOffset = 8;
    private const int MaxVarintSize = 5;

    /// <summary>Memory above this is given back after the batch that needed it.</summary>
    private const int KeptCapacity = 4 << 20;

    private const byte Deletion = 0x00;
    private const byte Value = 0x01;
    private const byte FamilyDeletion = 0x04;
    private const byte FamilyValue = 0x05;

    private byte[] _buffer = new byte[64 * 1024];
    private int _length;
    private uint _count;

    /// <summary>The changes in order, and beside each erasure the note that its old value is to be reclaimed.</summary>
    /// <returns>Valid until the next call.</returns>
    internal ReadOnlySpan<byte> Encode(WriteBatch batch)
    {
        Begin();
        foreach (var change in batch.Changes)
        {
            Record(change.Value is null ? FamilyDeletion : FamilyValue, familyIds[(int)change.Family], change.Key, change.Value);
            if (change.IsErasure)
            {
                Record(Value, family: null, Note(change.Family, change.Key), []);
            }
        }

        return End();
    }

    /// <summary>Takes notes off the default family.</summary>
    /// <returns>Valid until the next call.</returns>
    internal ReadOnlySpan<byte> EncodeNoteDeletions(IReadOnlyList<byte[]> notes)
    {
        Begin();
        foreach (var note in notes)
        {
            Record(Deletion, family: null, note, null);
        }

        return End();
    }

    /// <summary>The key of the note that an erased key's old value is to be reclaimed.</summary>
    internal static byte[] Note(ColumnFamily family, byte[] key) => [(byte)family, .. key];

    private void Begin()
    {
        if (_buffer.Length > KeptCapacity)
        {
            _buffer = new byte[KeptCapacity];
        }

        _buffer.AsSpan(0, HeaderSize).Clear();
        _length = HeaderSize;
        _count = 0;
    }

    private ReadOnlySpan<byte> End()
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(CountOffset), _count);
        return _buffer.AsSpan(0, _length);
    }

    private void Record(byte type, uint? family, byte[] key, byte[]? value)
    {
        Reserve(1L + (3 * MaxVarintSize) + key.Length + (value?.Length ?? 0));
        _buffer[_length++] = type;
        if (family is { } id)
        {
            Varint(id);
        }

        Bytes(key);
        if (value is not null)
        {
            Bytes(value);
        }

        _count++;
    }

    private void Bytes(byte[] bytes)
    {
        Varint((uint)bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Varint(uint value)
    {
        while (value >= 0x80)
        {
            _buffer[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _buffer[_length++] = (byte)value;
    }

    private void Reserve(long bytes)
    {
        var needed = _length + bytes;
        if (needed > MaxSize)
        {
            throw new ArgumentException($"The batch is above {MaxSize} bytes: write it in parts.");
        }

        if (needed > _buffer.Length)
        {
            Array.Resize(ref _buffer, (int)Math.Max(needed, Math.Min(2L * _buffer.Length, MaxSize)));
        }
    }
}
