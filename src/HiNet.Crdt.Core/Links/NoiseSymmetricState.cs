using System.Buffers.Binary;
using System.Text;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Links;

/// <summary>
/// The symmetric half of a Noise handshake (Noise specification rev. 34, section 5.2) with BLAKE2b-512 and
/// ChaCha20-Poly1305: running hash, chaining key and cipher key. Cipher keys are the first 32 of the 64 bytes that HKDF gives.
/// </summary>
internal sealed class NoiseSymmetricState : IDisposable
{
    public const int HashSize = 64;
    public const int TagSize = 16;
    private const int BlockSize = 128;
    private const int KeySize = 32;

    private readonly ICryptography _cryptography;
    private readonly byte[] _hash = new byte[HashSize];
    private readonly byte[] _chainingKey = new byte[HashSize];
    private readonly byte[] _key = new byte[KeySize];
    private bool _hasKey;
    private ulong _counter;

    /// <param name="cryptography">The primitives.</param>
    /// <param name="protocolName">At most 64 bytes of ASCII: zero-padded, it is the first hash.</param>
    public NoiseSymmetricState(ICryptography cryptography, string protocolName)
    {
        _cryptography = cryptography;
        Encoding.ASCII.GetBytes(protocolName, _hash);
        _hash.CopyTo(_chainingKey, 0);
        MixHash([]);
    }

    public ReadOnlySpan<byte> Hash => _hash;

    public void MixHash(ReadOnlySpan<byte> data)
    {
        Span<byte> digest = stackalloc byte[HashSize];
        _cryptography.Blake2bJoined(_hash, data, digest: digest);
        digest.CopyTo(_hash);
    }

    public void MixKey(ReadOnlySpan<byte> material)
    {
        Span<byte> first = stackalloc byte[HashSize];
        Span<byte> second = stackalloc byte[HashSize];
        Derive(material, first, second);
        first.CopyTo(_chainingKey);
        second[..KeySize].CopyTo(_key);
        _cryptography.Wipe(first);
        _cryptography.Wipe(second);
        _hasKey = true;
        _counter = 0;
    }

    /// <summary><paramref name="ciphertext"/> is <see cref="TagSize"/> longer than <paramref name="plaintext"/> once a key was mixed in, and of equal length before.</summary>
    public void EncryptAndHash(ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        if (_hasKey)
        {
            Span<byte> nonce = stackalloc byte[12];
            NextNonce(nonce);
            _cryptography.SealChaCha(_key, nonce, _hash, plaintext, ciphertext);
        }
        else
        {
            plaintext.CopyTo(ciphertext);
        }

        MixHash(ciphertext);
    }

    /// <summary>The reverse of <see cref="EncryptAndHash"/>; false when the ciphertext does not authenticate.</summary>
    public bool TryDecryptAndHash(ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        if (_hasKey)
        {
            Span<byte> nonce = stackalloc byte[12];
            NextNonce(nonce);
            if (!_cryptography.OpenChaCha(_key, nonce, _hash, ciphertext, plaintext))
            {
                return false;
            }
        }
        else
        {
            ciphertext.CopyTo(plaintext);
        }

        MixHash(ciphertext);
        return true;
    }

    /// <summary>The two transport keys (32 each): the initiator's sending key, then the responder's.</summary>
    public void Split(Span<byte> initiatorKey, Span<byte> responderKey)
    {
        Span<byte> first = stackalloc byte[HashSize];
        Span<byte> second = stackalloc byte[HashSize];
        Derive([], first, second);
        first[..KeySize].CopyTo(initiatorKey);
        second[..KeySize].CopyTo(responderKey);
        _cryptography.Wipe(first);
        _cryptography.Wipe(second);
    }

    public void Dispose()
    {
        _cryptography.Wipe(_chainingKey);
        _cryptography.Wipe(_key);
    }

    private void NextNonce(Span<byte> nonce)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], _counter++);
    }

    /// <summary>HKDF with two outputs, as Noise defines it.</summary>
    private void Derive(ReadOnlySpan<byte> material, Span<byte> first, Span<byte> second)
    {
        Span<byte> extracted = stackalloc byte[HashSize];
        Mac(_chainingKey, material, extracted);
        Mac(extracted, [1], first);
        Span<byte> next = stackalloc byte[HashSize + 1];
        first.CopyTo(next);
        next[HashSize] = 2;
        Mac(extracted, next, second);
        _cryptography.Wipe(extracted);
        _cryptography.Wipe(next);
    }

    /// <summary>HMAC (RFC 2104) over BLAKE2b-512, whose block is 128 bytes; the keys here are 64.</summary>
    private void Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> mac)
    {
        Span<byte> pad = stackalloc byte[BlockSize];
        Span<byte> inner = stackalloc byte[HashSize];
        pad.Fill(0x36);
        Xor(pad, key);
        _cryptography.Blake2bJoined(pad, message, digest: inner);
        pad.Fill(0x5c);
        Xor(pad, key);
        _cryptography.Blake2bJoined(pad, inner, digest: mac);
        _cryptography.Wipe(pad);
        _cryptography.Wipe(inner);
    }

    private static void Xor(Span<byte> pad, ReadOnlySpan<byte> key)
    {
        for (var i = 0; i < key.Length; i++)
        {
            pad[i] ^= key[i];
        }
    }
}
