using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;
using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Cryptography;

/// <summary>
/// The real library, except that its randomness comes from the seed: keys, nonces and the headers of secret streams. So a run
/// with real cryptography is as repeatable as one without, and its bytes are those that a real node would send.
/// </summary>
internal sealed class SeededSodium(KeyedRandom random) : ICryptography
{
    private readonly SodiumCryptography _sodium = SodiumCryptography.Instance;
    private ulong _filled;

    public void FillSecret(Span<byte> secret)
    {
        var mixer = new Mixer(random.Draw(DrawStream.Secret, 1, _filled++));
        mixer.Finish(secret);
    }

    public void Blake2b(ReadOnlySpan<byte> message, Span<byte> digest, ReadOnlySpan<byte> key = default) => _sodium.Blake2b(message, digest, key);

    public void Blake2bJoined(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> digest, ReadOnlySpan<byte> key = default) =>
        _sodium.Blake2bJoined(first, second, digest, key);

    public void Sha512(ReadOnlySpan<byte> message, Span<byte> digest) => _sodium.Sha512(message, digest);

    public void Ed25519FromSeed(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> secretKey) => _sodium.Ed25519FromSeed(seed, publicKey, secretKey);

    public void Sign(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> message, Span<byte> signature) => _sodium.Sign(secretKey, message, signature);

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => _sodium.Verify(publicKey, message, signature);

    public bool BlindPublicKey(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> factor, Span<byte> blinded) => _sodium.BlindPublicKey(publicKey, factor, blinded);

    public void SignBlinded(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> factor, ReadOnlySpan<byte> message, Span<byte> signature) =>
        _sodium.SignBlinded(secretKey, factor, message, signature);

    public bool ScalarMultEd25519(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> result) => _sodium.ScalarMultEd25519(scalar, point, result);

    public void X25519Public(ReadOnlySpan<byte> secretKey, Span<byte> publicKey) => _sodium.X25519Public(secretKey, publicKey);

    public bool X25519(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> publicKey, Span<byte> shared) => _sodium.X25519(secretKey, publicKey, shared);

    public void SealXChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedText) =>
        _sodium.SealXChaCha(key, nonce, associated, plaintext, sealedText);

    public bool OpenXChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedText, Span<byte> plaintext) =>
        _sodium.OpenXChaCha(key, nonce, associated, sealedText, plaintext);

    public void SealChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedText) =>
        _sodium.SealChaCha(key, nonce, associated, plaintext, sealedText);

    public bool OpenChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedText, Span<byte> plaintext) =>
        _sodium.OpenChaCha(key, nonce, associated, sealedText, plaintext);

    public ISecretStreamPush CreatePush(ReadOnlySpan<byte> key, Span<byte> header)
    {
        FillSecret(header);
        return SodiumCryptography.CreatePushFrom(key, header);
    }

    public ISecretStreamPull CreatePull(ReadOnlySpan<byte> key, ReadOnlySpan<byte> header) => _sodium.CreatePull(key, header);

    public void Wipe(Span<byte> secret) => _sodium.Wipe(secret);
}
