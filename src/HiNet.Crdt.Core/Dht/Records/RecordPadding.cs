using System.Buffers.Binary;

namespace HiNet.Crdt.Core.Dht.Records;

/// <summary>Two sizes for every record: length (2 bytes, little-endian), text, zeros.</summary>
internal static class RecordPadding
{
    /// <summary>What a sealed record of a device with a short chain and a few addresses has, in bytes.</summary>
    internal const int SmallSealedBytes = 512;

    /// <summary>The other size. A slot of it fits a datagram of 1,232 bytes with 120 to spare.</summary>
    internal const int LargeSealedBytes = 960;

    /// <summary>Nonce and tag, by which a sealed record is longer than the padded text.</summary>
    internal const int SealOverhead = 24 + 16;

    /// <summary>The longest text, in bytes.</summary>
    internal const int MaxTextBytes = LargeSealedBytes - SealOverhead - LengthSize;

    private const int LengthSize = sizeof(ushort);

    internal static bool IsSealedSize(int bytes) => bytes is SmallSealedBytes or LargeSealedBytes;

    /// <summary>Pads a text of at most <see cref="MaxTextBytes"/> to the smaller size that it fits.</summary>
    internal static byte[] Pad(ReadOnlySpan<byte> text)
    {
        if (text.Length > MaxTextBytes)
        {
            throw new ArgumentException($"A record's text has at most {MaxTextBytes} bytes, not {text.Length}.", nameof(text));
        }

        var size = SizeFor(text.Length);
        var padded = new byte[size - SealOverhead];
        BinaryPrimitives.WriteUInt16LittleEndian(padded, (ushort)text.Length);
        text.CopyTo(padded.AsSpan(LengthSize));
        return padded;
    }

    /// <summary>False for what <see cref="Pad"/> does not make: a length that does not fit, anything but zeros, a size too large for the text.</summary>
    internal static bool TryUnpad(ReadOnlySpan<byte> padded, out ReadOnlySpan<byte> text)
    {
        text = default;
        var length = BinaryPrimitives.ReadUInt16LittleEndian(padded);
        var rest = padded[LengthSize..];
        if (length > rest.Length || SizeFor(length) != padded.Length + SealOverhead || rest[length..].ContainsAnyExcept((byte)0))
        {
            return false;
        }

        text = rest[..length];
        return true;
    }

    private static int SizeFor(int textBytes) =>
        textBytes <= SmallSealedBytes - SealOverhead - LengthSize ? SmallSealedBytes : LargeSealedBytes;
}
