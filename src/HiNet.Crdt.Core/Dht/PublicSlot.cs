using System.Text;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// Slots that everybody can read, for operators who want to see the DHT work: a text at a key that people can type. The writer is a
/// key of its own for each device and target, so that nothing ties it to a device or a person. <c>specs/13-records.md</c>, "Public slots".
/// </summary>
public static class PublicSlot
{
    /// <summary>Longest text in bytes of UTF-8.</summary>
    public const int MaxTextBytes = 900;

    private const int SecretKeySize = 64;

    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(24);

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Where a key leads: 64 hex digits are the target themselves, anything else is hashed.</summary>
    /// <exception cref="ArgumentException">The key is empty.</exception>
    public static Bytes32 TargetOf(ICryptography cryptography, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return Bytes32.TryParse(key, out var target) ? target : DomainHash.Of(cryptography, Domains.DhtKey, Encoding.UTF8.GetBytes(key));
    }

    /// <summary>A signed slot. A later one of the same device at the same target takes the place of an earlier one.</summary>
    /// <param name="cryptography">Signs.</param>
    /// <param name="deviceSeed">The device's secret seed, 32 bytes; the writer's key is derived from it.</param>
    /// <param name="target">Where.</param>
    /// <param name="text">1 to <see cref="MaxTextBytes"/> bytes of UTF-8.</param>
    /// <param name="unixMilliseconds">Wall clock; the sequence number.</param>
    /// <exception cref="ArgumentException">The text is empty or too long, or the seed is of another size.</exception>
    public static DhtSlot Write(ICryptography cryptography, ReadOnlySpan<byte> deviceSeed, Bytes32 target, string text, long unixMilliseconds)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(unixMilliseconds);
        var bytes = Encoding.UTF8.GetBytes(text);
        if (deviceSeed.Length != Bytes32.Size || bytes.Length is 0 or > MaxTextBytes)
        {
            throw new ArgumentException($"A public slot takes a seed of {Bytes32.Size} bytes and a text of 1 to {MaxTextBytes}.", nameof(text));
        }

        var seed = DomainHash.Keyed(cryptography, deviceSeed, Domains.DhtWriter, target.ToArray()).ToArray();
        Span<byte> writer = stackalloc byte[Bytes32.Size];
        Span<byte> secretKey = stackalloc byte[SecretKeySize];
        cryptography.Ed25519FromSeed(seed, writer, secretKey);
        cryptography.Wipe(seed);
        var sequence = (ulong)unixMilliseconds;
        var expires = (unixMilliseconds + (long)s_lifetime.TotalMilliseconds) / 1_000;
        var signature = new byte[DhtSlot.SignatureSize];
        cryptography.Sign(secretKey, DhtSlot.SignedBytes(cryptography, target, sequence, expires, bytes), signature);
        cryptography.Wipe(secretKey);
        return DhtSlot.From(target, new Bytes32(writer), sequence, expires, bytes, signature);
    }

    /// <summary>What a slot says where it is readable: UTF-8 without control characters other than tabs and line ends. Null for the rest, sealed ones among them.</summary>
    public static string? TextOf(DhtSlot slot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        try
        {
            var text = s_strict.GetString(slot.Sealed.Span);
            return text.Any(letter => char.IsControl(letter) && letter is not ('\t' or '\n' or '\r')) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
