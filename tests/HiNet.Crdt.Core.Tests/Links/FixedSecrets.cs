using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Core.Tests.Links;

/// <summary>libsodium, but the secrets that are drawn come from a list.</summary>
internal sealed class FixedSecrets(params byte[][] secrets) : ICryptography
{
    private readonly Queue<byte[]> _secrets = new(secrets);
    private readonly SodiumCryptography _inner = SodiumCryptography.Instance;

    public void FillSecret(Span<byte> secret) => _secrets.Dequeue().CopyTo(secret);

    public void Blake2b(ReadOnlySpan<byte> message, Span<byte> digest, ReadOnlySpan<byte> key = default) => _inner.Blake2b(message, digest, key);

    public void Blake2bJoined(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> digest, ReadOnlySpan<byte> key = default) => _inner.Blake2bJoined(first, second, digest, key);

    public void Sha512(ReadOnlySpan<byte> message, Span<byte> digest) => _inner.Sha512(message, digest);

    public void Ed25519FromSeed(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> secretKey) => _inner.Ed25519FromSeed(seed, publicKey, secretKey);

    public void Sign(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> message, Span<byte> signature) => _inner.Sign(secretKey, message, signature);

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => _inner.Verify(publicKey, message, signature);

    public bool BlindPublicKey(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> factor, Span<byte> blinded) => _inner.BlindPublicKey(publicKey, factor, blinded);

    public void SignBlinded(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> factor, ReadOnlySpan<byte> message, Span<byte> signature) =>
        _inner.SignBlinded(secretKey, factor, message, signature);

    public bool ScalarMultEd25519(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> result) => _inner.ScalarMultEd25519(scalar, point, result);

    public void X25519Public(ReadOnlySpan<byte> secretKey, Span<byte> publicKey) => _inner.X25519Public(secretKey, publicKey);

    public bool X25519(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> publicKey, Span<byte> shared) => _inner.X25519(secretKey, publicKey, shared);

    public void SealXChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedText) => _inner.SealXChaCha(key, nonce, associated, plaintext, sealedText);

    public bool OpenXChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedText, Span<byte> plaintext) => _inner.OpenXChaCha(key, nonce, associated, sealedText, plaintext);

    public void SealChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedText) => _inner.SealChaCha(key, nonce, associated, plaintext, sealedText);

    public bool OpenChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedText, Span<byte> plaintext) => _inner.OpenChaCha(key, nonce, associated, sealedText, plaintext);

    public ISecretStreamPush CreatePush(ReadOnlySpan<byte> key, Span<byte> header) => _inner.CreatePush(key, header);

    public ISecretStreamPull CreatePull(ReadOnlySpan<byte> key, ReadOnlySpan<byte> header) => _inner.CreatePull(key, header);

    public void Wipe(Span<byte> secret) => _inner.Wipe(secret);
}
