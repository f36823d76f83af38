using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography.Native;

namespace HiNet.Crdt.Cryptography;

public sealed unsafe partial class SodiumCryptography
{
    /// <inheritdoc/>
    /// <remarks>In place when both texts start at the same byte.</remarks>
    public void SealXChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedText)
    {
        Require.Size(key, Sodium.KeySize);
        Require.Size(nonce, Sodium.XChaChaNonceSize);
        Require.Overhead(plaintext, sealedText, Sodium.TagSize);
        Require.ApartOrInPlace(plaintext, sealedText);
        fixed (byte* k = key, n = nonce, a = associated, p = plaintext, s = sealedText)
        {
            if (plaintext.Length + associated.Length <= Sodium.ShortInput)
            {
                Require.Done(Sodium.SealXChaChaShort(s, null, p, (ulong)plaintext.Length, a, (ulong)associated.Length, null, n, k));
            }
            else
            {
                Require.Done(Sodium.SealXChaCha(s, null, p, (ulong)plaintext.Length, a, (ulong)associated.Length, null, n, k));
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>In place when both texts start at the same byte. A text shorter than a tag does not authenticate.</remarks>
    public bool OpenXChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedText, Span<byte> plaintext)
    {
        Require.Size(key, Sodium.KeySize);
        Require.Size(nonce, Sodium.XChaChaNonceSize);
        if (sealedText.Length < Sodium.TagSize)
        {
            plaintext.Clear();
            return false;
        }

        Require.Overhead(plaintext, sealedText, Sodium.TagSize);
        Require.ApartOrInPlace(sealedText, plaintext);
        fixed (byte* k = key, n = nonce, a = associated, p = plaintext, s = sealedText)
        {
            var opened = plaintext.Length + associated.Length <= Sodium.ShortInput
                ? Sodium.OpenXChaChaShort(p, null, null, s, (ulong)sealedText.Length, a, (ulong)associated.Length, n, k)
                : Sodium.OpenXChaCha(p, null, null, s, (ulong)sealedText.Length, a, (ulong)associated.Length, n, k);
            if (opened == 0)
            {
                return true;
            }
        }

        plaintext.Clear();
        return false;
    }

    /// <inheritdoc/>
    /// <remarks>In place when both texts start at the same byte.</remarks>
    public void SealChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedText)
    {
        Require.Size(key, Sodium.KeySize);
        Require.Size(nonce, Sodium.ChaChaNonceSize);
        Require.Overhead(plaintext, sealedText, Sodium.TagSize);
        Require.ApartOrInPlace(plaintext, sealedText);
        fixed (byte* k = key, n = nonce, a = associated, p = plaintext, s = sealedText)
        {
            if (plaintext.Length + associated.Length <= Sodium.ShortInput)
            {
                Require.Done(Sodium.SealChaChaShort(s, null, p, (ulong)plaintext.Length, a, (ulong)associated.Length, null, n, k));
            }
            else
            {
                Require.Done(Sodium.SealChaCha(s, null, p, (ulong)plaintext.Length, a, (ulong)associated.Length, null, n, k));
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>In place when both texts start at the same byte. A text shorter than a tag does not authenticate.</remarks>
    public bool OpenChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedText, Span<byte> plaintext)
    {
        Require.Size(key, Sodium.KeySize);
        Require.Size(nonce, Sodium.ChaChaNonceSize);
        if (sealedText.Length < Sodium.TagSize)
        {
            plaintext.Clear();
            return false;
        }

        Require.Overhead(plaintext, sealedText, Sodium.TagSize);
        Require.ApartOrInPlace(sealedText, plaintext);
        fixed (byte* k = key, n = nonce, a = associated, p = plaintext, s = sealedText)
        {
            var opened = plaintext.Length + associated.Length <= Sodium.ShortInput
                ? Sodium.OpenChaChaShort(p, null, null, s, (ulong)sealedText.Length, a, (ulong)associated.Length, n, k)
                : Sodium.OpenChaCha(p, null, null, s, (ulong)sealedText.Length, a, (ulong)associated.Length, n, k);
            if (opened == 0)
            {
                return true;
            }
        }

        plaintext.Clear();
        return false;
    }

    /// <inheritdoc/>
    public ISecretStreamPush CreatePush(ReadOnlySpan<byte> key, Span<byte> header) => new SodiumSecretStreamPush(key, header);

    /// <summary>
    /// As <see cref="CreatePush"/>, under a header that the caller has drawn: for the simulator, whose randomness derives from a
    /// seed. Using a header twice under one key would repeat a key stream.
    /// </summary>
    internal static ISecretStreamPush CreatePushFrom(ReadOnlySpan<byte> key, ReadOnlySpan<byte> header) => SodiumSecretStreamPush.From(key, header);

    /// <inheritdoc/>
    public ISecretStreamPull CreatePull(ReadOnlySpan<byte> key, ReadOnlySpan<byte> header) => new SodiumSecretStreamPull(key, header);
}
