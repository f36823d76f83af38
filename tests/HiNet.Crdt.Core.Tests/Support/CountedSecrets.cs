using System.Buffers.Binary;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Core.Tests.Support;

/// <summary>
/// libsodium, but the n-th drawn secret is BLAKE2b of n: for vectors and for runs that have to repeat. After a period of so many the same secrets
/// come again.
/// </summary>
internal sealed class CountedSecrets(ulong first = 0, ulong period = ulong.MaxValue) : ICryptography
{
    private static readonly SodiumCryptography s_sodium = SodiumCryptography.Instance;

    private ulong _drawn;

    /// <summary>What was wiped so far, as it was before.</summary>
    public List<byte[]> Wiped { get; } = [];

    /// <summary>The secrets that were drawn, the first one first.</summary>
    public List<byte[]> Drawn { get; } = [];

    /// <summary>Signatures that were checked.</summary>
    public int Verified { get; private set; }

    /// <summary>Fails unless each of these stood somewhere that was wiped.</summary>
    public void ShouldHaveWiped(params byte[][] secrets) => secrets.Where(secret => CountOf(secret) == 0).Select(Convert.ToHexString).ShouldBeEmpty();

    /// <summary>In how many places that were wiped a secret stood.</summary>
    public int CountOf(byte[] secret) => Wiped.Count(wiped => wiped.AsSpan().SequenceEqual(secret));

    public void FillSecret(Span<byte> secret)
    {
        Span<byte> counter = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(counter, first + (_drawn++ % period));
        Span<byte> digest = stackalloc byte[64];
        s_sodium.Blake2b(counter, digest);
        digest[..secret.Length].CopyTo(secret);
        Drawn.Add(secret.ToArray());
    }

    public void Blake2b(ReadOnlySpan<byte> message, Span<byte> digest, ReadOnlySpan<byte> key = default) => s_sodium.Blake2b(message, digest, key);

    public void Blake2bJoined(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> digest, ReadOnlySpan<byte> key = default) =>
        s_sodium.Blake2bJoined(first, second, digest, key);

    public void Sha512(ReadOnlySpan<byte> message, Span<byte> digest) => s_sodium.Sha512(message, digest);

    public void Ed25519FromSeed(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> secretKey) =>
        s_sodium.Ed25519FromSeed(seed, publicKey, secretKey);

    public void Sign(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> message, Span<byte> signature) => s_sodium.Sign(secretKey, message, signature);

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Verified++;
        return s_sodium.Verify(publicKey, message, signature);
    }

    public bool BlindPublicKey(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> factor, Span<byte> blinded) => s_sodium.BlindPublicKey(publicKey, factor, blinded);

    public void SignBlinded(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> factor, ReadOnlySpan<byte> message, Span<byte> signature) =>
        s_sodium.SignBlinded(secretKey, factor, message, signature);

    public bool ScalarMultEd25519(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> result) =>
        s_sodium.ScalarMultEd25519(scalar, point, result);

    public void X25519Public(ReadOnlySpan<byte> secretKey, Span<byte> publicKey) => s_sodium.X25519Public(secretKey, publicKey);

    public bool X25519(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> publicKey, Span<byte> shared) => s_sodium.X25519(secretKey, publicKey, shared);

    public void SealXChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedText) =>
        s_sodium.SealXChaCha(key, nonce, associated, plaintext, sealedText);

    public bool OpenXChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedText, Span<byte> plaintext) =>
        s_sodium.OpenXChaCha(key, nonce, associated, sealedText, plaintext);

    public void SealChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedText) =>
        s_sodium.SealChaCha(key, nonce, associated, plaintext, sealedText);

    public bool OpenChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedText, Span<byte> plaintext) =>
        s_sodium.OpenChaCha(key, nonce, associated, sealedText, plaintext);

    public ISecretStreamPush CreatePush(ReadOnlySpan<byte> key, Span<byte> header) => s_sodium.CreatePush(key, header);

    public ISecretStreamPull CreatePull(ReadOnlySpan<byte> key, ReadOnlySpan<byte> header) => s_sodium.CreatePull(key, header);

    public void Wipe(Span<byte> secret)
    {
        Wiped.Add(secret.ToArray());
        s_sodium.Wipe(secret);
    }
}
