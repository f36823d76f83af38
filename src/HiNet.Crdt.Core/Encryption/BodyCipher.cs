using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Encryption;

/// <summary>
/// Seals an entry's body under an epoch's secret or a conversation's control key, bound to the header without body length
/// and hash. The nonce is in part a keyed hash of the text, so that a copied device that goes on at the same place cannot
/// use one nonce for two texts. <c>specs/06-encryption.md</c>, "Bodies".
/// </summary>
public static class BodyCipher
{
    /// <summary>By how many bytes a sealed body is longer than its text: 8 of the nonce and 16 of the tag.</summary>
    public const int Overhead = SentSize + TagSize;

    /// <summary>The longest text that can be sealed, in bytes.</summary>
    public const int MaxPlaintextBytes = EntryLimits.MaxBodyBytes - Overhead;

    private const int SentSize = 8;
    private const int TagSize = 16;
    private const int KeysSize = 64;
    private const int KeySize = 32;
    private const int NoncePartSize = 16;
    private const int NonceSize = NoncePartSize + SentSize;

    /// <summary>Seals a text; the result is 24 bytes longer.</summary>
    /// <exception cref="ArgumentException">The text is longer than <see cref="MaxPlaintextBytes"/>.</exception>
    public static byte[] Seal(ICryptography cryptography, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> headerPrefix, ReadOnlySpan<byte> plaintext)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        if (plaintext.Length > MaxPlaintextBytes)
        {
            throw new ArgumentException($"A body's text has at most {MaxPlaintextBytes} bytes, not {plaintext.Length}.", nameof(plaintext));
        }

        Span<byte> keys = stackalloc byte[KeysSize];
        Derive(cryptography, secret, headerPrefix, keys);
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(cryptography, keys, headerPrefix, plaintext, nonce);

        var body = new byte[plaintext.Length + Overhead];
        nonce[NoncePartSize..].CopyTo(body);
        cryptography.SealXChaCha(keys[..KeySize], nonce, headerPrefix, plaintext, body.AsSpan(SentSize));
        cryptography.Wipe(keys);
        return body;
    }

    /// <summary>Opens what <see cref="Seal"/> made; false for another secret, another header, or another body.</summary>
    public static bool TryOpen(
        ICryptography cryptography,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> headerPrefix,
        ReadOnlySpan<byte> body,
        [NotNullWhen(true)] out byte[]? plaintext)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        plaintext = null;
        if (body.Length is < Overhead or > EntryLimits.MaxBodyBytes)
        {
            return false;
        }

        Span<byte> keys = stackalloc byte[KeysSize];
        Derive(cryptography, secret, headerPrefix, keys);
        Span<byte> nonce = stackalloc byte[NonceSize];
        keys.Slice(KeySize, NoncePartSize).CopyTo(nonce);
        body[..SentSize].CopyTo(nonce[NoncePartSize..]);

        var opened = new byte[body.Length - Overhead];
        if (cryptography.OpenXChaCha(keys[..KeySize], nonce, headerPrefix, body[SentSize..], opened))
        {
            // One text has one body: a sender that chose the 8 bytes in another way did not follow the construction.
            Span<byte> expected = stackalloc byte[NonceSize];
            WriteNonce(cryptography, keys, headerPrefix, opened, expected);
            plaintext = CryptographicOperations.FixedTimeEquals(expected, nonce) ? opened : null;
        }

        cryptography.Wipe(keys);
        return plaintext is not null;
    }

    // Message key (32), nonce part (16), synthetic key (16).
    private static void Derive(ICryptography cryptography, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> headerPrefix, Span<byte> keys)
    {
        if (secret.Length != KeySize)
        {
            throw new ArgumentException($"A secret has {KeySize} bytes, not {secret.Length}.", nameof(secret));
        }

        cryptography.Blake2bJoined(first: Domains.BodyKeys, second: headerPrefix, digest: keys, key: secret);
    }

    private static void WriteNonce(
        ICryptography cryptography,
        ReadOnlySpan<byte> keys,
        ReadOnlySpan<byte> headerPrefix,
        ReadOnlySpan<byte> plaintext,
        Span<byte> nonce)
    {
        Span<byte> synthetic = stackalloc byte[KeySize];
        cryptography.Blake2bJoined(first: headerPrefix, second: plaintext, digest: synthetic, key: keys[(KeySize + NoncePartSize)..]);
        keys.Slice(KeySize, NoncePartSize).CopyTo(nonce);
        synthetic[..SentSize].CopyTo(nonce[NoncePartSize..]);
    }
}
