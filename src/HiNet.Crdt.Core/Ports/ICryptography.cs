namespace HiNet.Crdt.Core.Ports;

/// <summary>
/// The primitives that the core computes with. The shell backs it with libsodium; the simulator with the same or with
/// a cheap imitation whose keys derive from the seed. Every call is synchronous, thread-safe and keeps nothing of its
/// arguments. Sizes are in bytes; a span of another size is a programmer's error (<see cref="ArgumentException"/>).
/// </summary>
public interface ICryptography
{
    /// <summary>Fills <paramref name="secret"/> with unpredictable bytes: keys, seeds, nonces. Never used for protocol choices.</summary>
    void FillSecret(Span<byte> secret);

    /// <summary>BLAKE2b (RFC 7693) of <paramref name="message"/>; <paramref name="digest"/> is 16 to 64 bytes, <paramref name="key"/> 0 to 64.</summary>
    void Blake2b(ReadOnlySpan<byte> message, Span<byte> digest, ReadOnlySpan<byte> key = default);

    /// <summary>BLAKE2b of two messages, one after the other, without joining them first.</summary>
    void Blake2bJoined(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> digest, ReadOnlySpan<byte> key = default);

    /// <summary>SHA-512 (FIPS 180-4), 64 bytes; used where a public protocol asks for it.</summary>
    void Sha512(ReadOnlySpan<byte> message, Span<byte> digest);

    /// <summary>Ed25519 (RFC 8032): the public key (32) and the expanded secret key (64) of a seed (32).</summary>
    void Ed25519FromSeed(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> secretKey);

    /// <summary>Ed25519 signature (64) under an expanded secret key (64).</summary>
    void Sign(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> message, Span<byte> signature);

    /// <summary>Ed25519 verification; false for anything malformed.</summary>
    bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);

    /// <summary>
    /// Blinds an Ed25519 public key (32) by a factor (32): the factor, clamped as RFC 8032 clamps a secret scalar, times the
    /// point. False, and <paramref name="blinded"/> zeroed, for a key that is malformed, of small order or outside the main subgroup.
    /// </summary>
    bool BlindPublicKey(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> factor, Span<byte> blinded);

    /// <summary>
    /// Ed25519 signature (64) under the expanded secret key (64) blinded by the factor (32): <see cref="Verify"/> accepts it with
    /// what <see cref="BlindPublicKey"/> makes of the public key and the same factor.
    /// </summary>
    void SignBlinded(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> factor, ReadOnlySpan<byte> message, Span<byte> signature);

    /// <summary>scalar (32, used as it is) × point (32, compressed Ed25519) → point (32); false for a small-order or malformed point.</summary>
    bool ScalarMultEd25519(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> result);

    /// <summary>X25519 (RFC 7748): the public key (32) of a secret key (32).</summary>
    void X25519Public(ReadOnlySpan<byte> secretKey, Span<byte> publicKey);

    /// <summary>X25519 shared secret (32), raw: derive keys from it, never use it as one. False for a small-order point.</summary>
    bool X25519(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> publicKey, Span<byte> shared);

    /// <summary>XChaCha20-Poly1305 (IETF): key 32, nonce 24; <paramref name="sealedText"/> is 16 longer than <paramref name="plaintext"/>.</summary>
    void SealXChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedText);

    /// <summary>Opens what <see cref="SealXChaCha"/> made; false, and <paramref name="plaintext"/> zeroed, when it does not authenticate.</summary>
    bool OpenXChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedText, Span<byte> plaintext);

    /// <summary>ChaCha20-Poly1305 (RFC 8439): key 32, nonce 12; otherwise as <see cref="SealXChaCha"/>.</summary>
    void SealChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedText);

    /// <summary>Opens what <see cref="SealChaCha"/> made.</summary>
    bool OpenChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedText, Span<byte> plaintext);

    /// <summary>The sending half of libsodium's secretstream (XChaCha20-Poly1305): writes the 24-byte header to <paramref name="header"/>.</summary>
    ISecretStreamPush CreatePush(ReadOnlySpan<byte> key, Span<byte> header);

    /// <summary>The receiving half, from the sender's 24-byte header.</summary>
    ISecretStreamPull CreatePull(ReadOnlySpan<byte> key, ReadOnlySpan<byte> header);

    /// <summary>Overwrites a secret so that the compiler cannot leave it out.</summary>
    void Wipe(Span<byte> secret);
}
