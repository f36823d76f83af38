using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Encryption;

/// <summary>
/// Seals an epoch's secret to devices: one ephemeral X25519 key an epoch, and a box a leaf key, without recipient ids.
/// <c>specs/06-encryption.md</c>, "Epochs".
/// </summary>
public static class EpochBox
{
    /// <summary>One box, in bytes: a secret of 32 and a tag of 16.</summary>
    public const int Size = Bytes32.Size + 16;

    private const int NonceSize = 24;

    /// <summary>Seals a secret to leaf keys, in the order given: by device id.</summary>
    /// <remarks>A leaf key of small order gets 48 zero bytes, which nobody opens: its owner chose a key with which nothing is secret.</remarks>
    public static EpochBoxes Seal(ICryptography cryptography, ConversationId conversation, Bytes32 secret, IReadOnlyList<Bytes32> leafKeys)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        ArgumentNullException.ThrowIfNull(leafKeys);
        Span<byte> ephemeralSecret = stackalloc byte[Bytes32.Size];
        cryptography.FillSecret(ephemeralSecret);
        var sealedBoxes = Seal(cryptography, conversation, secret, leafKeys, ephemeralSecret);
        cryptography.Wipe(ephemeralSecret);
        return sealedBoxes;
    }

    /// <summary>Opens one's own box; false when it is not for this key.</summary>
    public static bool TryOpen(
        ICryptography cryptography,
        ConversationId conversation,
        ReadOnlySpan<byte> leafSecret,
        Bytes32 leafPublic,
        Bytes32 ephemeral,
        ReadOnlySpan<byte> box,
        out Bytes32 secret)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        secret = default;
        Span<byte> key = stackalloc byte[Bytes32.Size];
        if (box.Length != Size || !TryDeriveKey(cryptography, conversation, leafSecret, ephemeral, ephemeral, leafPublic, key))
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[NonceSize];
        nonce.Clear();
        Span<byte> opened = stackalloc byte[Bytes32.Size];
        var isOpen = cryptography.OpenXChaCha(key, nonce, default, box, opened);
        secret = isOpen ? new Bytes32(opened) : default;
        cryptography.Wipe(key);
        cryptography.Wipe(opened);
        return isOpen;
    }

    /// <summary>As the other, with an ephemeral secret key that the caller chose: for vectors.</summary>
    internal static EpochBoxes Seal(
        ICryptography cryptography,
        ConversationId conversation,
        Bytes32 secret,
        IReadOnlyList<Bytes32> leafKeys,
        ReadOnlySpan<byte> ephemeralSecret)
    {
        Span<byte> ephemeralBytes = stackalloc byte[Bytes32.Size];
        cryptography.X25519Public(ephemeralSecret, ephemeralBytes);
        var ephemeral = new Bytes32(ephemeralBytes);
        Span<byte> plaintext = stackalloc byte[Bytes32.Size];
        secret.CopyTo(plaintext);

        // Every key is used once, so the nonce can be zero.
        Span<byte> nonce = stackalloc byte[NonceSize];
        nonce.Clear();
        Span<byte> key = stackalloc byte[Bytes32.Size];
        var boxes = new byte[leafKeys.Count * Size];
        for (var i = 0; i < leafKeys.Count; i++)
        {
            if (TryDeriveKey(cryptography, conversation, ephemeralSecret, leafKeys[i], ephemeral, leafKeys[i], key))
            {
                cryptography.SealXChaCha(key, nonce, default, plaintext, boxes.AsSpan(i * Size, Size));
            }
        }

        cryptography.Wipe(key);
        cryptography.Wipe(plaintext);
        return new EpochBoxes(ephemeral, boxes);
    }

    private static bool TryDeriveKey(
        ICryptography cryptography,
        ConversationId conversation,
        ReadOnlySpan<byte> secretKey,
        Bytes32 publicKey,
        Bytes32 ephemeral,
        Bytes32 leaf,
        Span<byte> key)
    {
        Span<byte> point = stackalloc byte[Bytes32.Size];
        publicKey.CopyTo(point);
        Span<byte> shared = stackalloc byte[Bytes32.Size];
        if (!cryptography.X25519(secretKey, point, shared))
        {
            return false;
        }

        Span<byte> context = stackalloc byte[3 * Bytes32.Size];
        conversation.CopyTo(context);
        ephemeral.CopyTo(context[Bytes32.Size..]);
        leaf.CopyTo(context[(2 * Bytes32.Size)..]);
        cryptography.Blake2bJoined(first: Domains.EpochBox, second: context, digest: key, key: shared);
        cryptography.Wipe(shared);
        return true;
    }
}
