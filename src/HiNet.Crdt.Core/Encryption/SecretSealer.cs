using System.Diagnostics.CodeAnalysis;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Encryption;

/// <summary>Seals secrets at rest under the home's storage key, each for the place it is kept in. <c>specs/06-encryption.md</c>, "Secrets at rest".</summary>
public static class SecretSealer
{
    /// <summary>By how many bytes a sealed secret is longer: a nonce of 24 and a tag of 16.</summary>
    public const int Overhead = NonceSize + TagSize;

    private const int NonceSize = 24;
    private const int TagSize = 16;

    /// <summary>Seals a secret under a fresh nonce.</summary>
    /// <param name="cryptography">Seals, and makes the nonce.</param>
    /// <param name="storageKey">32 bytes.</param>
    /// <param name="context">What the secret is and where it is kept, as in a store's key; the same is needed to open it.</param>
    /// <param name="secret">Any length.</param>
    public static byte[] Seal(ICryptography cryptography, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> context, ReadOnlySpan<byte> secret)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        var sealedSecret = new byte[secret.Length + Overhead];
        var nonce = sealedSecret.AsSpan(0, NonceSize);
        cryptography.FillSecret(nonce);
        cryptography.SealXChaCha(storageKey, nonce, Associated(context), secret, sealedSecret.AsSpan(NonceSize));
        return sealedSecret;
    }

    /// <summary>Opens what <see cref="Seal"/> made; false for another key, another context, or other bytes.</summary>
    public static bool TryOpen(
        ICryptography cryptography,
        ReadOnlySpan<byte> storageKey,
        ReadOnlySpan<byte> context,
        ReadOnlySpan<byte> sealedSecret,
        [NotNullWhen(true)] out byte[]? secret)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        secret = null;
        if (sealedSecret.Length < Overhead)
        {
            return false;
        }

        var opened = new byte[sealedSecret.Length - Overhead];
        if (cryptography.OpenXChaCha(storageKey, sealedSecret[..NonceSize], Associated(context), sealedSecret[NonceSize..], opened))
        {
            secret = opened;
        }

        return secret is not null;
    }

    private static byte[] Associated(ReadOnlySpan<byte> context) => [.. Domains.StoredSecret, .. context];
}
