using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace HiNet.Crdt.Core.Identity;

/// <summary>An address in an invite: 7 bytes for IPv4 and port as they are usually written, else a length and the characters.</summary>
internal static class InviteAddress
{
    private const byte Numeric = 0;
    private const int NumericSize = 6;

    internal static void Write(ArrayBufferWriter<byte> ticket, string address)
    {
        Span<byte> numeric = stackalloc byte[NumericSize];
        if (TryPack(address, numeric))
        {
            ticket.Write([Numeric]);
            ticket.Write(numeric);
            return;
        }

        ticket.Write([(byte)address.Length]);
        ticket.Write(Encoding.ASCII.GetBytes(address));
    }

    /// <summary>False when there are too few bytes. Whether the characters are an address's is for the caller to check.</summary>
    internal static bool TryRead(ref ReadOnlySpan<byte> rest, [NotNullWhen(true)] out string? address)
    {
        address = null;
        if (rest.IsEmpty)
        {
            return false;
        }

        var size = rest[0] == Numeric ? NumericSize : rest[0];
        if (rest.Length <= size)
        {
            return false;
        }

        var bytes = rest.Slice(1, size);
        address = rest[0] == Numeric ? Unpack(bytes) : Encoding.Latin1.GetString(bytes);
        rest = rest[(1 + size)..];
        return true;
    }

    // What is not written back the same, leading zeros say, is kept as characters.
    private static bool TryPack(string address, Span<byte> numeric)
    {
        var parts = address.Split('.', ':');
        if (parts.Length != 5 || !ushort.TryParse(parts[4], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return false;
        }

        for (var i = 0; i < 4; i++)
        {
            if (!byte.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numeric[i]))
            {
                return false;
            }
        }

        BinaryPrimitives.WriteUInt16BigEndian(numeric[4..], port);
        return Unpack(numeric) == address;
    }

    private static string Unpack(ReadOnlySpan<byte> numeric) => string.Create(
        CultureInfo.InvariantCulture,
        $"{numeric[0]}.{numeric[1]}.{numeric[2]}.{numeric[3]}:{BinaryPrimitives.ReadUInt16BigEndian(numeric[4..])}");
}
