using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace HiNet.Crdt.Core.Links;

/// <summary>
/// Reads the compact encoding that channels are written in (<c>specs/02-links.md</c>, "Primitives"). Everything read is
/// bounded by the span it reads from; malformed input gives <c>false</c> and leaves the position unspecified, never an exception.
/// </summary>
public ref struct CompactReader
{
    /// <summary>The largest integer that every implementation of the encoding can hold: 2^53 - 1.</summary>
    public const ulong MaxUInt = (1UL << 53) - 1;

    private ReadOnlySpan<byte> _rest;

    public CompactReader(ReadOnlySpan<byte> bytes) => _rest = bytes;

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public readonly bool IsEmpty => _rest.IsEmpty;

    /// <summary>1, 3, 5 or 9 bytes; a longer form than needed is accepted, as other implementations do.</summary>
    public bool TryReadUInt(out ulong value)
    {
        value = 0;
        if (_rest.IsEmpty)
        {
            return false;
        }

        var first = _rest[0];
        if (first <= 0xfc)
        {
            value = first;
            _rest = _rest[1..];
            return true;
        }

        var width = 1 << (first - 0xfc);
        if (_rest.Length <= width)
        {
            return false;
        }

        value = first switch
        {
            0xfd => BinaryPrimitives.ReadUInt16LittleEndian(_rest[1..]),
            0xfe => BinaryPrimitives.ReadUInt32LittleEndian(_rest[1..]),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(_rest[1..]),
        };
        _rest = _rest[(1 + width)..];
        return value <= MaxUInt;
    }

    /// <summary>A length and that many bytes. The result is a slice of the input.</summary>
    public bool TryReadBuffer(out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryReadUInt(out var length) && TryReadBytes(length, out value);
    }

    /// <summary>As <see cref="TryReadBuffer"/>; length 0 stands for "none", so <paramref name="present"/> is false for it.</summary>
    public bool TryReadOptionalBuffer(out ReadOnlySpan<byte> value, out bool present)
    {
        var read = TryReadBuffer(out value);
        present = read && !value.IsEmpty;
        return read;
    }

    /// <summary>A length and that much UTF-8; false when it is no UTF-8 or longer than <paramref name="maxBytes"/>.</summary>
    public bool TryReadString(int maxBytes, [NotNullWhen(true)] out string? value)
    {
        value = null;
        if (!TryReadBuffer(out var bytes) || bytes.Length > maxBytes || !Utf8.IsValid(bytes))
        {
            return false;
        }

        value = Encoding.UTF8.GetString(bytes);
        return true;
    }

    /// <summary>32 bytes without a length.</summary>
    public bool TryReadFixed32(out Bytes32 value)
    {
        if (!TryReadBytes(Bytes32.Size, out var bytes))
        {
            value = default;
            return false;
        }

        value = new Bytes32(bytes);
        return true;
    }

    /// <summary>Exactly <paramref name="length"/> bytes.</summary>
    public bool TryReadBytes(ulong length, out ReadOnlySpan<byte> value)
    {
        if (length > (ulong)_rest.Length)
        {
            value = default;
            return false;
        }

        value = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }
}
