using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace HiNet.Crdt.Core.Identity;

public sealed partial class Invite
{
    /// <summary>An invite's text, in characters, white space included.</summary>
    public const int MaxTextLength = 4_096;

    private const string Name = "hinet";
    private const char TextVersion = '2';
    private const int ChecksumSize = sizeof(uint);

    /// <summary>
    /// <c>hinet2</c>, then base32 of the ticket and its checksum. Base32 survives what chats do to case, to underscores and at
    /// hyphens, and its upper case makes the smaller QR code.
    /// </summary>
    public override string ToString()
    {
        var ticket = EncodeTicket();
        var checksum = new byte[ChecksumSize];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Checksum(ticket));
        return $"{Name}{TextVersion}{Base32.Encode((byte[])[.. ticket, .. checksum])}";
    }

    /// <summary>Reads what <see cref="ToString"/> wrote, in either case, with any white space and line breaks.</summary>
    /// <param name="text">At most 4,096 characters.</param>
    /// <param name="invite">Well formed; its card's signatures and its expiry are for the caller to check.</param>
    /// <param name="problem">When false: one sentence for a person. Empty when true.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Invite? invite, out string problem)
    {
        invite = null;
        if (text is { Length: > MaxTextLength })
        {
            problem = "This is too long to be an invite: copy only the invite.";
            return false;
        }

        var compact = string.Concat((text ?? string.Empty).Where(c => !char.IsWhiteSpace(c)));
        problem = FindPrefixProblem(compact);
        if (problem.Length > 0)
        {
            return false;
        }

        if (!Base32.TryDecode(compact.AsSpan(Name.Length + 1), out var bytes) || bytes.Length <= ChecksumSize)
        {
            problem = "The invite is malformed: copy the whole of it again.";
            return false;
        }

        var payload = bytes.AsSpan(..^ChecksumSize);
        if (Checksum(payload) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(^ChecksumSize..)))
        {
            problem = "The invite's checksum is wrong, so a part of it is missing or mistyped: copy the whole of it again.";
            return false;
        }

        if (!TryDecodeTicket(payload, out invite))
        {
            problem = "The invite is malformed: ask for a new one.";
            return false;
        }

        return true;
    }

    private static string FindPrefixProblem(string text)
    {
        if (!text.StartsWith(Name, StringComparison.OrdinalIgnoreCase)
            || text.Length == Name.Length
            || !char.IsAsciiDigit(text[Name.Length]))
        {
            return $"This is not an invite: an invite begins with {Name}{TextVersion}.";
        }

        return text[Name.Length] == TextVersion
            ? string.Empty
            : "The invite is of another version: use the same version of the application at both ends.";
    }

    // CRC-32C (RFC 3720, B.4): against slips of the hand; forgery is what the card's signature is against.
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var next in bytes)
        {
            crc = BitOperations.Crc32C(crc, next);
        }

        return ~crc;
    }
}
