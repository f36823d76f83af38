using System.Buffers.Binary;
using System.Security.Cryptography;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht.Records;

/// <summary>
/// Seals padded texts of one period, bound to the slot they go into. The nonce is a keyed hash of slot and text, so that whoever
/// writes twice at one place, a copied device say, never uses one nonce for two texts. <c>specs/13-records.md</c>, "Sealing".
/// </summary>
internal static class RecordCipher
{
    private const int NonceSize = 24;
    private const int BindingSize = (2 * Bytes32.Size) + (2 * sizeof(ulong));

    internal static byte[] Seal(ICryptography cryptography, RendezvousKeys keys, Bytes32 writer, ulong sequence, long expires, ReadOnlySpan<byte> padded)
    {
        Span<byte> binding = stackalloc byte[BindingSize];
        Bind(binding, keys.Target, writer, sequence, expires);
        var sealedText = new byte[padded.Length + RecordPadding.SealOverhead];
        var nonce = sealedText.AsSpan(0, NonceSize);
        WriteNonce(cryptography, keys, binding, padded, nonce);
        cryptography.SealXChaCha(keys.SealingKey.Span, nonce, binding, padded, sealedText.AsSpan(NonceSize));
        return sealedText;
    }

    /// <summary>False for what <see cref="Seal"/> does not make of the same slot and the text inside.</summary>
    internal static bool TryOpen(ICryptography cryptography, RendezvousKeys keys, DhtSlot slot, Span<byte> padded)
    {
        Span<byte> binding = stackalloc byte[BindingSize];
        Bind(binding, slot.Target, slot.Writer, slot.Sequence, slot.ExpiresUnixSeconds);
        var nonce = slot.Sealed.Span[..NonceSize];
        if (!cryptography.OpenXChaCha(keys.SealingKey.Span, nonce, binding, slot.Sealed.Span[NonceSize..], padded))
        {
            return false;
        }

        // One text in one slot has one sealed form: a writer that chose the nonce in another way did not follow the construction.
        Span<byte> expected = stackalloc byte[NonceSize];
        WriteNonce(cryptography, keys, binding, padded, expected);
        return CryptographicOperations.FixedTimeEquals(expected, nonce);
    }

    private static void Bind(Span<byte> binding, Bytes32 target, Bytes32 writer, ulong sequence, long expires)
    {
        target.CopyTo(binding);
        writer.CopyTo(binding[32..]);
        BinaryPrimitives.WriteUInt64LittleEndian(binding[64..], sequence);
        BinaryPrimitives.WriteInt64LittleEndian(binding[72..], expires);
    }

    private static void WriteNonce(ICryptography cryptography, RendezvousKeys keys, ReadOnlySpan<byte> binding, ReadOnlySpan<byte> padded, Span<byte> nonce)
    {
        Span<byte> hash = stackalloc byte[Bytes32.Size];
        cryptography.Blake2bJoined(first: binding, second: padded, digest: hash, key: keys.NonceKey.Span);
        hash[..NonceSize].CopyTo(nonce);
    }
}
