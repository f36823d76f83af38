using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Cryptography.Native;

namespace HiNet.Crdt.Cryptography;

/// <summary>Blinding of Ed25519 keys after rend-spec-v3, appendix A.2. <c>specs/08-cryptography.md</c>, "Blinded keys".</summary>
public sealed unsafe partial class SodiumCryptography
{
    private const int WideScalarSize = 64;

    /// <inheritdoc/>
    public bool BlindPublicKey(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> factor, Span<byte> blinded)
    {
        Require.Size(publicKey, PointSize);
        Require.Size(factor, ScalarSize);
        Require.Size(blinded, PointSize);
        Require.Apart(factor, blinded);
        var scalar = stackalloc byte[ScalarSize];
        ReduceClamped(factor, scalar);
        bool done;
        fixed (byte* p = publicKey, q = blinded)
        {
            done = Sodium.Ed25519NoClamp(q, scalar, p) == 0;
        }

        CryptographicOperations.ZeroMemory(new Span<byte>(scalar, ScalarSize));
        if (!done)
        {
            blinded.Clear();
        }

        return done;
    }

    /// <inheritdoc/>
    /// <remarks>Only the seed in the secret key is used, so a public half that does not belong to it cannot bend the signature.</remarks>
    [SkipLocalsInit]
    public void SignBlinded(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> factor, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Require.Size(secretKey, SignSecretKeySize);
        Require.Size(factor, ScalarSize);
        Require.Size(signature, SignatureSize);
        Require.Apart(message, signature);
        Require.Apart(secretKey, signature);
        Require.Apart(factor, signature);

        Span<byte> expanded = stackalloc byte[Sha512Size];
        Sha512(secretKey[..SeedSize], expanded);
        Span<byte> prefix = stackalloc byte[PointSize];
        Blake2bJoined(first: Domains.BlindedNonce, second: factor, digest: prefix, key: expanded[ScalarSize..]);

        var scalar = stackalloc byte[ScalarSize];
        var nonce = stackalloc byte[ScalarSize];
        var point = stackalloc byte[PointSize];
        ReduceClamped(factor, nonce);
        ReduceClamped(expanded[..ScalarSize], scalar);
        Sodium.ScalarMultiply(scalar, scalar, nonce);
        Require.Done(Sodium.Ed25519BaseNoClamp(point, scalar));

        // From here on it is RFC 8032, 5.1.6, with the blinded scalar, its public key and its prefix.
        HashToScalar(prefix, default, message, nonce);
        fixed (byte* s = signature)
        {
            Require.Done(Sodium.Ed25519BaseNoClamp(s, nonce));
            var challenge = stackalloc byte[ScalarSize];
            HashToScalar(signature[..PointSize], new ReadOnlySpan<byte>(point, PointSize), message, challenge);
            Sodium.ScalarMultiply(challenge, challenge, scalar);
            Sodium.ScalarAdd(s + PointSize, challenge, nonce);
        }

        CryptographicOperations.ZeroMemory(expanded);
        CryptographicOperations.ZeroMemory(prefix);
        CryptographicOperations.ZeroMemory(new Span<byte>(scalar, ScalarSize));
        CryptographicOperations.ZeroMemory(new Span<byte>(nonce, ScalarSize));
    }

    // A clamped scalar lies between 2^254 and 2^255 and is a multiple of 8; the multiples of the order in between are 4, 5, 6 and 7
    // times the order, which is an odd prime. So no clamped scalar is zero modulo the order, nor is the product of two.
    private static void ReduceClamped(ReadOnlySpan<byte> bytes, byte* scalar)
    {
        var wide = stackalloc byte[WideScalarSize];
        var span = new Span<byte>(wide, WideScalarSize);
        span.Clear();
        bytes.CopyTo(span);
        wide[0] &= 248;
        wide[ScalarSize - 1] = (byte)((wide[ScalarSize - 1] & 127) | 64);
        Sodium.ScalarReduce(scalar, wide);
        CryptographicOperations.ZeroMemory(span);
    }

    private void HashToScalar(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> message, byte* scalar)
    {
        var size = first.Length + second.Length + message.Length;
        var joined = size <= Sodium.ShortInput ? stackalloc byte[Sodium.ShortInput] : new byte[size];
        joined = joined[..size];
        first.CopyTo(joined);
        second.CopyTo(joined[first.Length..]);
        message.CopyTo(joined[(first.Length + second.Length)..]);
        Span<byte> wide = stackalloc byte[WideScalarSize];
        Sha512(joined, wide);
        CryptographicOperations.ZeroMemory(joined);
        fixed (byte* w = wide)
        {
            Sodium.ScalarReduce(scalar, w);
        }

        CryptographicOperations.ZeroMemory(wide);
    }
}
