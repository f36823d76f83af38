using HiNet.Crdt.Cryptography.Native;

namespace HiNet.Crdt.Cryptography;

public sealed unsafe partial class SodiumCryptography
{
    private const int PointSize = 32;
    private const int ScalarSize = 32;
    private const int SeedSize = 32;
    private const int SignSecretKeySize = 64;
    private const int SignatureSize = 64;

    /// <inheritdoc/>
    public void Ed25519FromSeed(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> secretKey)
    {
        Require.Size(seed, SeedSize);
        Require.Size(publicKey, PointSize);
        Require.Size(secretKey, SignSecretKeySize);
        fixed (byte* s = seed, p = publicKey, k = secretKey)
        {
            Require.Done(Sodium.Ed25519FromSeed(p, k, s));
        }
    }

    /// <inheritdoc/>
    public void Sign(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Require.Size(secretKey, SignSecretKeySize);
        Require.Size(signature, SignatureSize);
        Require.Apart(message, signature);
        Require.Apart(secretKey, signature);
        fixed (byte* k = secretKey, m = message, s = signature)
        {
            Require.Done(Sodium.Sign(s, null, m, (ulong)message.Length, k));
        }
    }

    /// <inheritdoc/>
    /// <remarks>Also false for keys of small order and for a non-canonical key or signature (RFC 8032, 5.1.7 read strictly).</remarks>
    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Require.Size(publicKey, PointSize);
        Require.Size(signature, SignatureSize);
        fixed (byte* k = publicKey, m = message, s = signature)
        {
            return Sodium.Verify(s, m, (ulong)message.Length, k) == 0;
        }
    }
}
