using System.Buffers.Binary;
using System.Text;

namespace HiNet.Crdt.Core.Links;

/// <summary>
/// Writes the compact encoding (<c>specs/02-links.md</c>, "Primitives") into a span that the caller has sized with the
/// <c>SizeOf</c> methods; integers always take their shortest form. Writing past the end is a programmer's error.
/// </summary>
public ref struct CompactWriter
{
    private readonly Span<byte> _destination;

    public CompactWriter(Span<byte> destination) => _destination = destination;

    /// <summary>Bytes written so far.</summary>
    public int Written { get; private set; }

    /// <summary>1, 3, 5 or 9.</summary>
    public static int SizeOfUInt(ulong value) => value switch
    {
        <= 0xfc => 1,
        <= ushort.MaxValue => 3,
        <= uint.MaxValue => 5,
        _ => 9,
    };

    /// <summary>The size of a buffer, or an optional buffer, of <paramref name="length"/> bytes.</summary>
    public static int SizeOfBuffer(int length) => SizeOfUInt((ulong)length) + length;

    public static int SizeOfString(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return SizeOfBuffer(Encoding.UTF8.GetByteCount(value));
    }

    /// <exception cref="ArgumentException"><paramref name="value"/> is above <see cref="CompactReader.MaxUInt"/>, or the span is full.</exception>
    public void WriteUInt(ulong value)
    {
        var size = SizeOfUInt(value);
        var target = Take(size);
        switch (size)
        {
            case 1:
                target[0] = (byte)value;
                break;
            case 3:
                target[0] = 0xfd;
                BinaryPrimitives.WriteUInt16LittleEndian(target[1..], (ushort)value);
                break;
            case 5:
                target[0] = 0xfe;
                BinaryPrimitives.WriteUInt32LittleEndian(target[1..], (uint)value);
                break;
            default:
                ArgumentOutOfRangeException.ThrowIfGreaterThan(value, CompactReader.MaxUInt);
                target[0] = 0xff;
                BinaryPrimitives.WriteUInt64LittleEndian(target[1..], value);
                break;
        }
    }

    /// <summary>A length and the bytes; an empty one is also how "none" is written where a buffer is optional.</summary>
    public void WriteBuffer(ReadOnlySpan<byte> value)
    {
        WriteUInt((ulong)value.Length);
        WriteBytes(value);
    }

    public void WriteString(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var length = Encoding.UTF8.GetByteCount(value);
        WriteUInt((ulong)length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>32 bytes without a length.</summary>
    public void WriteFixed32(Bytes32 value) => value.CopyTo(Take(Bytes32.Size));

    /// <summary>The bytes as they are.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    private Span<byte> Take(int size)
    {
        if (size > _destination.Length - Written)
        {
            throw new ArgumentException($"{size} more bytes do not fit after {Written} of {_destination.Length}.", nameof(size));
        }

        var target = _destination.Slice(Written, size);
        Written += size;
        return target;
    }
}
