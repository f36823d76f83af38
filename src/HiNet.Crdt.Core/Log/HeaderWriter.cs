using System.Buffers.Binary;

namespace HiNet.Crdt.Core.Log;

/// <summary>Writes canonical protobuf fields into a span that is large enough.</summary>
internal ref struct HeaderWriter
{
    private readonly Span<byte> _bytes;

    internal HeaderWriter(Span<byte> bytes) => _bytes = bytes;

    internal int Position { get; private set; }

    /// <summary>A varint field, left out when 0.</summary>
    internal void Varint(byte tag, ulong value)
    {
        if (value == 0)
        {
            return;
        }

        _bytes[Position++] = tag;
        while (value >= 0x80)
        {
            _bytes[Position++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[Position++] = (byte)value;
    }

    /// <summary>A fixed64 field, left out when 0.</summary>
    internal void Fixed64(byte tag, ulong value)
    {
        if (value == 0)
        {
            return;
        }

        _bytes[Position++] = tag;
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes[Position..], value);
        Position += sizeof(ulong);
    }

    /// <summary>A field of 32 bytes.</summary>
    internal void Bytes(byte tag, Bytes32 value)
    {
        _bytes[Position++] = tag;
        _bytes[Position++] = Bytes32.Size;
        value.CopyTo(_bytes.Slice(Position, Bytes32.Size));
        Position += Bytes32.Size;
    }
}
