using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Cryptography;

/// <summary>
/// A cheap imitation of cryptography for a world in which nobody tries to break it. It keeps the properties that the protocol
/// depends on: digests differ when inputs do, only the holder of a key signs, agreement gives both sides the same secret, a
/// changed or misplaced ciphertext does not open. It keeps none against an adversary: digests are fast mixing, an agreed secret
/// is a function of the two public keys, and signatures are checked against a register of the keys of this world. Everything
/// derives from the seed. Belongs to one world and one thread.
/// </summary>
internal sealed class SimulatedCryptography(KeyedRandom random) : ICryptography
{
    private const int KeySize = 32;
    private const ulong DigestTag = 1, Sha512Tag = 2, PublicTag = 3, SignTag = 4, EdwardsTag = 5, MontgomeryTag = 6, SharedTag = 7, XChaChaTag = 8, ChaChaTag = 9, StreamTag = 10,
        BlindTag = 11;

    private readonly Dictionary<Bytes32, Bytes32> _seeds = [];
    private readonly Dictionary<Bytes32, Bytes32> _scalars = [];
    private ulong _filled;

    /// <summary>Sees the frames of all links. Null costs nothing.</summary>
    public IFrameTap? Tap { get; set; }

    /// <summary>Called with each digest: who runs code that might not end can end it there. Null costs nothing.</summary>
    public Action? Digesting { get; set; }

    public void FillSecret(Span<byte> secret)
    {
        var mixer = new Mixer(random.Draw(DrawStream.Secret, 0, _filled++));
        mixer.Finish(secret);
    }

    public void Blake2b(ReadOnlySpan<byte> message, Span<byte> digest, ReadOnlySpan<byte> key = default) => Blake2bJoined(message, default, digest, key);

    public void Blake2bJoined(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> digest, ReadOnlySpan<byte> key = default)
    {
        if (digest.Length is < 16 or > 64 || key.Length > 64)
        {
            throw new ArgumentException("A digest is 16 to 64 bytes long, its key 0 to 64.");
        }

        Digesting?.Invoke();
        var mixer = new Mixer(DigestTag);
        mixer.Add((ulong)key.Length);
        mixer.Add(key);
        mixer.Add(first);
        mixer.Add(second);
        mixer.Finish(digest);
    }

    public void Sha512(ReadOnlySpan<byte> message, Span<byte> digest)
    {
        Require(digest.Length, 64);
        var mixer = new Mixer(Sha512Tag);
        mixer.Add(message);
        mixer.Finish(digest);
    }

    public void Ed25519FromSeed(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> secretKey)
    {
        Require(seed.Length, KeySize);
        Require(publicKey.Length, KeySize);
        Require(secretKey.Length, 2 * KeySize);
        var mixer = new Mixer(PublicTag);
        mixer.Add(seed);
        mixer.Finish(publicKey);
        seed.CopyTo(secretKey);
        publicKey.CopyTo(secretKey[KeySize..]);
        if (_seeds.TryAdd(new Bytes32(publicKey), new Bytes32(seed)))
        {
            // Agreement on an Edwards key multiplies by the clamped half of the seed's digest: know it again when it comes.
            Span<byte> expanded = stackalloc byte[64];
            Sha512(seed, expanded);
            expanded[0] &= 248;
            expanded[31] = (byte)((expanded[31] & 127) | 64);
            _scalars[new Bytes32(expanded[..KeySize])] = new Bytes32(publicKey);
        }
    }

    public void Sign(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Require(secretKey.Length, 2 * KeySize);
        Require(signature.Length, 64);
        Signature(secretKey[..KeySize], message, signature);
    }

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Require(publicKey.Length, KeySize);
        Require(signature.Length, 64);
        if (!_seeds.TryGetValue(new Bytes32(publicKey), out var seed))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[KeySize];
        Span<byte> expected = stackalloc byte[64];
        seed.CopyTo(bytes);
        Signature(bytes, message, expected);
        return expected.SequenceEqual(signature);
    }

    public bool BlindPublicKey(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> factor, Span<byte> blinded)
    {
        Require(publicKey.Length, KeySize);
        Require(blinded.Length, KeySize);
        if (publicKey.IndexOfAnyExcept((byte)0) < 0)
        {
            Require(factor.Length, KeySize);
            blinded.Clear();
            return false;
        }

        var key = new Bytes32(publicKey);
        Blind(publicKey, factor, blinded);
        if (_seeds.TryGetValue(key, out var seed))
        {
            Register(seed, factor, blinded);
        }

        return true;
    }

    public void SignBlinded(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> factor, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Require(secretKey.Length, 2 * KeySize);
        Require(signature.Length, 64);
        Span<byte> blinded = stackalloc byte[KeySize];
        Blind(secretKey[KeySize..], factor, blinded);
        var seed = Register(new Bytes32(secretKey[..KeySize]), factor, blinded);
        Span<byte> bytes = stackalloc byte[KeySize];
        seed.CopyTo(bytes);
        Signature(bytes, message, signature);
    }

    public bool ScalarMultEd25519(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> result)
    {
        Require(scalar.Length, KeySize);
        Span<byte> own = stackalloc byte[KeySize];
        if (_scalars.TryGetValue(new Bytes32(scalar), out var known))
        {
            known.CopyTo(own);
        }
        else
        {
            var mixer = new Mixer(EdwardsTag);
            mixer.Add(scalar);
            mixer.Finish(own);
        }

        return Agree(own, point, result, EdwardsTag);
    }

    public void X25519Public(ReadOnlySpan<byte> secretKey, Span<byte> publicKey)
    {
        Require(secretKey.Length, KeySize);
        Require(publicKey.Length, KeySize);
        var mixer = new Mixer(MontgomeryTag);
        mixer.Add(secretKey);
        mixer.Finish(publicKey);
    }

    public bool X25519(ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> publicKey, Span<byte> shared)
    {
        Span<byte> own = stackalloc byte[KeySize];
        X25519Public(secretKey, own);
        return Agree(own, publicKey, shared, MontgomeryTag);
    }

    public void SealXChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedText)
    {
        Require(nonce.Length, 24);
        SimulatedAead.Seal(XChaChaTag, key, nonce, associated, plaintext, sealedText);
    }

    public bool OpenXChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedText, Span<byte> plaintext)
    {
        Require(nonce.Length, 24);
        return SimulatedAead.Open(XChaChaTag, key, nonce, associated, sealedText, plaintext);
    }

    public void SealChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedText)
    {
        Require(nonce.Length, 12);
        SimulatedAead.Seal(ChaChaTag, key, nonce, associated, plaintext, sealedText);
    }

    public bool OpenChaCha(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedText, Span<byte> plaintext)
    {
        Require(nonce.Length, 12);
        return SimulatedAead.Open(ChaChaTag, key, nonce, associated, sealedText, plaintext);
    }

    public ISecretStreamPush CreatePush(ReadOnlySpan<byte> key, Span<byte> header)
    {
        Require(header.Length, 24);
        FillSecret(header);
        var stream = new SimulatedSecretStream(StreamTag, key, header, Tap);
        Tap?.Created(stream.Number);
        return stream;
    }

    public ISecretStreamPull CreatePull(ReadOnlySpan<byte> key, ReadOnlySpan<byte> header)
    {
        Require(header.Length, 24);
        return new SimulatedSecretStream(StreamTag, key, header, Tap);
    }

    public void Wipe(Span<byte> secret) => secret.Clear();

    private Bytes32 Register(Bytes32 seed, ReadOnlySpan<byte> factor, ReadOnlySpan<byte> blindedKey)
    {
        Span<byte> bytes = stackalloc byte[KeySize];
        seed.CopyTo(bytes);
        Span<byte> blindedBytes = stackalloc byte[KeySize];
        Blind(bytes, factor, blindedBytes);
        var blindedSeed = new Bytes32(blindedBytes);
        _seeds.TryAdd(new Bytes32(blindedKey), blindedSeed);
        return blindedSeed;
    }

    // The same for the public and the secret half; the bits that clamping fixes make no difference, as they make none in earnest.
    private static void Blind(ReadOnlySpan<byte> half, ReadOnlySpan<byte> factor, Span<byte> blinded)
    {
        Require(factor.Length, KeySize);
        Span<byte> clamped = stackalloc byte[KeySize];
        factor.CopyTo(clamped);
        clamped[0] &= 248;
        clamped[31] = (byte)((clamped[31] & 127) | 64);
        var mixer = new Mixer(BlindTag);
        mixer.Add(half);
        mixer.Add(clamped);
        mixer.Finish(blinded);
    }

    private static void Signature(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        var mixer = new Mixer(SignTag);
        mixer.Add(seed);
        mixer.Add(message);
        mixer.Finish(signature);
    }

    // The same for both sides, because it is a function of the two public keys in order. No secret at all.
    private static bool Agree(ReadOnlySpan<byte> own, ReadOnlySpan<byte> other, Span<byte> shared, ulong tag)
    {
        Require(other.Length, KeySize);
        Require(shared.Length, KeySize);
        if (other.IndexOfAnyExcept((byte)0) < 0)
        {
            shared.Clear();
            return false;
        }

        var isFirst = own.SequenceCompareTo(other) <= 0;
        var mixer = new Mixer(SharedTag + (tag << 8));
        mixer.Add(isFirst ? own : other);
        mixer.Add(isFirst ? other : own);
        mixer.Finish(shared);
        return true;
    }

    private static void Require(int actual, int expected)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"Expected {expected} bytes, got {actual}.");
        }
    }
}
