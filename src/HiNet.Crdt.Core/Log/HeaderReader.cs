using System.Buffers.Binary;

namespace HiNet.Crdt.Core.Log;

/// <summary>
/// Reads canonical protobuf fields in ascending order. The first problem sticks: every later call finds nothing, so a
/// caller reads all fields and asks once.
/// </summary>
internal ref struct HeaderReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;

    internal HeaderReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    internal HeaderProblem Problem { get; private set; }

    internal readonly bool AtEnd => _position == _bytes.Length;

    /// <summary>Whether the next field has this tag.</summary>
    internal readonly bool At(byte tag) =>
        Problem == HeaderProblem.None && _position < _bytes.Length && _bytes[_position] == tag;

    /// <summary>A varint field, 0 when it is not there.</summary>
    internal ulong Varint(byte tag)
    {
        if (!At(tag))
        {
            return 0;
        }

        _position++;
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_position >= _bytes.Length)
            {
                return Fail(HeaderProblem.Truncated);
            }

            var next = _bytes[_position++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                // A last group of zero means a shorter encoding exists (or that the field should be absent), and the
                // tenth group has one bit.
                return next == 0 || (shift == 63 && next > 1) ? Fail(HeaderProblem.NotCanonical) : value;
            }
        }

        return Fail(HeaderProblem.NotCanonical);
    }

    /// <summary>A varint field of at most 32 bits, 0 when it is not there.</summary>
    internal uint Varint32(byte tag)
    {
        var value = Varint(tag);
        return value <= uint.MaxValue ? (uint)value : (uint)Fail(HeaderProblem.NotCanonical);
    }

    /// <summary>A fixed64 field, 0 when it is not there.</summary>
    internal ulong Fixed64(byte tag)
    {
        if (!At(tag))
        {
            return 0;
        }

        if (_bytes.Length - _position < 1 + sizeof(ulong))
        {
            return Fail(HeaderProblem.Truncated);
        }

        var value = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[(_position + 1)..]);
        _position += 1 + sizeof(ulong);
        return value != 0 ? value : Fail(HeaderProblem.NotCanonical);
    }

    /// <summary>A field of 32 bytes; false when it is not there.</summary>
    internal bool TryBytes(byte tag, out Bytes32 value)
    {
        value = default;
        if (!At(tag))
        {
            return false;
        }

        if (_position + 1 >= _bytes.Length)
        {
            Fail(HeaderProblem.Truncated);
            return false;
        }

        if (_bytes[_position + 1] != Bytes32.Size)
        {
            Fail(HeaderProblem.WrongSize);
            return false;
        }

        if (_bytes.Length - _position < 2 + Bytes32.Size)
        {
            Fail(HeaderProblem.Truncated);
            return false;
        }

        value = new Bytes32(_bytes.Slice(_position + 2, Bytes32.Size));
        _position += 2 + Bytes32.Size;
        return true;
    }

    /// <summary>A field of 32 bytes that has to be there.</summary>
    internal Bytes32 Bytes(byte tag)
    {
        if (!TryBytes(tag, out var value))
        {
            Fail(AtEnd ? HeaderProblem.Truncated : HeaderProblem.FieldMissing);
        }

        return value;
    }

    /// <summary>How many fields of 32 bytes with this tag follow, at most one more than <paramref name="limit"/>; consumes nothing.</summary>
    internal readonly int Count(byte tag, int limit)
    {
        var count = 0;
        for (var at = _position; count <= limit && at < _bytes.Length && _bytes[at] == tag; at += 2 + Bytes32.Size)
        {
            count++;
        }

        return Problem == HeaderProblem.None ? count : 0;
    }

    /// <summary>Notes a problem, unless there is one already.</summary>
    internal ulong Fail(HeaderProblem problem)
    {
        Problem = Problem != HeaderProblem.None ? Problem : problem;
        return 0;
    }
}
