using System.Text;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Discovery;

/// <summary>
/// The TXT record: <c>v=1</c>, a nonce, and tags that only holders of the same secrets recognise. There are always
/// <see cref="Tags"/> of them, sorted, drawn ones among them, so that their number and order say nothing.
/// <c>specs/14-mdns.md</c> says what it looks like and what an observer learns.
/// </summary>
public static class ServiceText
{
    /// <summary>Bytes of the nonce.</summary>
    public const int NonceSize = 16;

    /// <summary>Bytes of a tag.</summary>
    public const int TagSize = 4;

    /// <summary>Tags of one announcement.</summary>
    public const int Tags = 24;

    /// <summary>The longest TXT data that is looked into, in bytes.</summary>
    private const int MaximumLength = 1300;

    /// <param name="cryptography">Draws the nonce and the tags that fill up.</param>
    /// <param name="secrets">At most <see cref="Tags"/>.</param>
    public static byte[] Create(ICryptography cryptography, ReadOnlySpan<MdnsSecret> secrets)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(secrets.Length, Tags);
        Span<byte> nonce = stackalloc byte[NonceSize];
        cryptography.FillSecret(nonce);
        var tags = new List<uint>();
        foreach (var secret in secrets)
        {
            tags.Add(TagOf(cryptography, secret.Secret, nonce));
        }

        Span<byte> drawn = stackalloc byte[TagSize];
        while (tags.Count < Tags)
        {
            cryptography.FillSecret(drawn);
            tags.Add(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(drawn));
        }

        tags.Sort();
        var text = new List<byte>();
        Append(text, "v=1");
        Append(text, "n=" + Convert.ToHexStringLower(nonce));
        Append(text, "t=" + string.Concat(tags.Select(tag => tag.ToString("x8", null))));
        return [.. text];
    }

    /// <summary>The ids of those of <paramref name="secrets"/> whose tags are in the text, sorted. Anything malformed or of another version has none.</summary>
    public static IReadOnlyList<Bytes32> Recognise(ICryptography cryptography, ReadOnlySpan<byte> text, IReadOnlyList<MdnsSecret> secrets)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        ArgumentNullException.ThrowIfNull(secrets);
        Span<byte> nonce = stackalloc byte[NonceSize];
        if (secrets.Count == 0 || ValueOf(text, (byte)'v') is not "1"
            || ValueOf(text, (byte)'n') is not { Length: 2 * NonceSize } nonceText
            || Convert.FromHexString(nonceText, nonce, out _, out _) != System.Buffers.OperationStatus.Done
            || ValueOf(text, (byte)'t') is not { } tagText || TagsIn(tagText) is not { } tags)
        {
            return [];
        }

        var found = new SortedSet<Bytes32>();
        foreach (var secret in secrets)
        {
            if (tags.Contains(TagOf(cryptography, secret.Secret, nonce)))
            {
                found.Add(secret.Id);
            }
        }

        return [.. found];
    }

    /// <summary>The first 4 bytes of BLAKE2b-256, keyed by the secret, over the domain and the nonce; as a big-endian number.</summary>
    internal static uint TagOf(ICryptography cryptography, Bytes32 secret, ReadOnlySpan<byte> nonce)
    {
        Span<byte> key = stackalloc byte[Bytes32.Size];
        secret.CopyTo(key);
        var hash = DomainHash.Keyed(cryptography, key, Domains.LanTag, nonce);
        cryptography.Wipe(key);
        return (uint)(hash.Prefix >> 32);
    }

    private static void Append(List<byte> text, string pair)
    {
        text.Add((byte)pair.Length);
        text.AddRange(Encoding.ASCII.GetBytes(pair));
    }

    // The first string of a key counts, and keys have no case (RFC 6763, section 6.4).
    private static string? ValueOf(ReadOnlySpan<byte> text, byte key)
    {
        text = text.Length > MaximumLength ? [] : text;
        while (!text.IsEmpty && text.Length > text[0])
        {
            var pair = text.Slice(1, text[0]);
            if (pair.Length >= 2 && pair[1] == '=' && (pair[0] | 0x20) == key)
            {
                return Encoding.Latin1.GetString(pair[2..]);
            }

            text = text[(1 + text[0])..];
        }

        return null;
    }

    private static List<uint>? TagsIn(string text)
    {
        if (text.Length % (2 * TagSize) != 0 || text.Length > 2 * TagSize * Tags)
        {
            return null;
        }

        var tags = new List<uint>();
        for (var at = 0; at < text.Length; at += 2 * TagSize)
        {
            if (!uint.TryParse(text.AsSpan(at, 2 * TagSize), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var tag))
            {
                return null;
            }

            tags.Add(tag);
        }

        return tags;
    }
}
