using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Encryption;

/// <summary>
/// An older epoch's secret under a newer one's, so that whoever has the newer reads on backwards.
/// <c>specs/06-encryption.md</c>, "Links between epochs".
/// </summary>
public static class EpochLink
{
    /// <summary>One link, in bytes: a secret of 32 and a tag of 16.</summary>
    public const int Size = Bytes32.Size + 16;

    private const int NonceSize = 24;

    /// <summary>Seals the older secret; the same inputs give the same bytes.</summary>
    public static byte[] Seal(ICryptography cryptography, Bytes32 newSecret, EntryId oldEpoch, Bytes32 oldSecret)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        Span<byte> key = stackalloc byte[Bytes32.Size];
        DeriveKey(cryptography, newSecret, oldEpoch, key);

        // The key is for this one older epoch, which has one secret, so the nonce can be zero.
        Span<byte> nonce = stackalloc byte[NonceSize];
        nonce.Clear();
        Span<byte> plaintext = stackalloc byte[Bytes32.Size];
        oldSecret.CopyTo(plaintext);
        var link = new byte[Size];
        cryptography.SealXChaCha(key, nonce, default, plaintext, link);
        cryptography.Wipe(key);
        cryptography.Wipe(plaintext);
        return link;
    }

    /// <summary>Opens what <see cref="Seal"/> made; false for other secrets, another epoch, or other bytes.</summary>
    public static bool TryOpen(ICryptography cryptography, Bytes32 newSecret, EntryId oldEpoch, ReadOnlySpan<byte> link, out Bytes32 oldSecret)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        oldSecret = default;
        if (link.Length != Size)
        {
            return false;
        }

        Span<byte> key = stackalloc byte[Bytes32.Size];
        DeriveKey(cryptography, newSecret, oldEpoch, key);
        Span<byte> nonce = stackalloc byte[NonceSize];
        nonce.Clear();
        Span<byte> opened = stackalloc byte[Bytes32.Size];
        var isOpen = cryptography.OpenXChaCha(key, nonce, default, link, opened);
        oldSecret = isOpen ? new Bytes32(opened) : default;
        cryptography.Wipe(key);
        cryptography.Wipe(opened);
        return isOpen;
    }

    private static void DeriveKey(ICryptography cryptography, Bytes32 newSecret, EntryId oldEpoch, Span<byte> key)
    {
        Span<byte> secret = stackalloc byte[Bytes32.Size];
        newSecret.CopyTo(secret);
        Span<byte> epoch = stackalloc byte[Bytes32.Size];
        oldEpoch.CopyTo(epoch);
        cryptography.Blake2bJoined(first: Domains.EpochLink, second: epoch, digest: key, key: secret);
        cryptography.Wipe(secret);
    }
}
