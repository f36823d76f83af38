using System.Diagnostics.CodeAnalysis;

namespace HiNet.Crdt.Core.Identity;

/// <summary>Base32 (RFC 4648, section 6) in lower case and without padding; read in either case.</summary>
internal static class Base32
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int BitsPerCharacter = 5;

    internal static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[((bytes.Length * 8) + BitsPerCharacter - 1) / BitsPerCharacter];
        var buffer = 0;
        var bits = 0;
        var at = 0;
        foreach (var next in bytes)
        {
            buffer = ((buffer << 8) | next) & 0xfff;
            for (bits += 8; bits >= BitsPerCharacter; bits -= BitsPerCharacter)
            {
                text[at++] = Alphabet[(buffer >> (bits - BitsPerCharacter)) & 31];
            }
        }

        if (bits > 0)
        {
            text[at] = Alphabet[(buffer << (BitsPerCharacter - bits)) & 31];
        }

        return new string(text);
    }

    /// <summary>False for another character, for a length that no bytes have, and for bits left over that are not zero.</summary>
    internal static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var decoded = new byte[text.Length * BitsPerCharacter / 8];
        var buffer = 0;
        var bits = 0;
        var at = 0;
        foreach (var next in text)
        {
            var value = ValueOf(next);
            if (value < 0)
            {
                return false;
            }

            buffer = ((buffer << BitsPerCharacter) | value) & 0xfff;
            bits += BitsPerCharacter;
            if (bits >= 8)
            {
                bits -= 8;
                decoded[at++] = (byte)(buffer >> bits);
            }
        }

        if (bits >= BitsPerCharacter || (buffer & ((1 << bits) - 1)) != 0)
        {
            return false;
        }

        bytes = decoded;
        return true;
    }

    private static int ValueOf(char character) => character switch
    {
        >= 'a' and <= 'z' => character - 'a',
        >= 'A' and <= 'Z' => character - 'A',
        >= '2' and <= '7' => character - '2' + 26,
        _ => -1,
    };
}
