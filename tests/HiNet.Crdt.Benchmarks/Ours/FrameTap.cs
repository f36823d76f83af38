using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>Passes everything through and shows each frame of a link before it is encrypted.</summary>
/// <param name="inner">Does the work.</param>
/// <param name="onFrame">Takes a copy of each frame's plaintext.</param>
internal sealed class FrameTap(ICryptography inner, Action<byte[]> onFrame) : ICryptography
{
    public ISecretStreamPush CreatePush(ReadOnlySpan<byte> key, Span<byte> header) => new Tap(inner.CreatePush(key, header), onFrame);

    public ISecretStreamPull CreatePull(ReadOnlySpan<byte> key, ReadOnlySpan<byte> header) => inner.CreatePull(key, header);

    public void FillSecret(Span<byte> secret) => inner.FillSecret(secret);

    public void Blake2b(ReadOnlySpan<byte> message, Span<byte> digest, ReadOnlySpan<byte> key = default) => inner.Blake2b(message, digest, key);

    public void Blake2bJoined(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> digest, ReadOnlySpan<byte> key = default) =>
        inner.Blake2bJoined(first, second, digest, key);

    public void Sha512(ReadOnlySpan<byte> message, Span<byte> digest) => inner.Sha512(message, digest);

    public void Ed25519FromSeed(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> secretKey) =>
        inner.Ed25519FromSeed(seed, publicKey, secretKey);

    public void Sign(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> message, Span<byte> signature) => inner.Sign(secretKey, message, signature);

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        inner.Verify(publicKey, message, signature);

    public bool BlindPublicKey(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> factor, Span<byte> blinded) => inner.BlindPublicKey(publicKey, factor, blinded);

    public void SignBlinded(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> factor, ReadOnlySpan<byte> message, Span<byte> signature) =>
        inner.SignBlinded(secretKey, factor, message, signature);

    public bool ScalarMultEd25519(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> result) =>
        inner.ScalarMultEd25519(scalar, point, result);

    public void X25519Public(ReadOnlySpan<byte> secretKey, Span<byte> publicKey) => inner.X25519Public(secretKey, publicKey);

    public bool X25519(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> publicKey, Span<byte> shared) => inner.X25519(secretKey, publicKey, shared);

    public void SealXChaCha(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedText) =>
        inner.SealXChaCha(key, nonce, associated, plaintext, sealedText);

    public bool OpenXChaCha(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedText, Span<byte> plaintext) =>
        inner.OpenXChaCha(key, nonce, associated, sealedText, plaintext);

    public void SealChaCha(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedText) =>
        inner.SealChaCha(key, nonce, associated, plaintext, sealedText);

    public bool OpenChaCha(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedText, Span<byte> plaintext) =>
        inner.OpenChaCha(key, nonce, associated, sealedText, plaintext);

    public void Wipe(Span<byte> secret) => inner.Wipe(secret);

    private sealed class Tap(ISecretStreamPush push, Action<byte[]> onFrame) : ISecretStreamPush
    {
        public void Push(ReadOnlySpan<byte> plaintext, Span<byte> sealedText)
        {
            onFrame(plaintext.ToArray());
            push.Push(plaintext, sealedText);
        }

        public void Dispose() => push.Dispose();
    }
}
