using System.Buffers.Binary;
using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Cryptography;

/// <summary>Sealing as the real thing does it, in shape: a stream of bytes over the text and a tag over everything. No secrecy.</summary>
internal static class SimulatedAead
{
    private const int TagSize = 16;

    /// <summary><paramref name="sealedText"/> is 16 longer than <paramref name="plaintext"/> and may start at the same byte.</summary>
    public static void Seal(ulong kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedText)
    {
        RequireSizes(key, plaintext, sealedText);
        var body = sealedText[..plaintext.Length];
        plaintext.CopyTo(body);
        Cover(kind, key, nonce, body);
        Tag(kind, key, nonce, associated, body, sealedText[plaintext.Length..]);
    }

    /// <summary>False, and <paramref name="plaintext"/> zeroed, when it does not authenticate.</summary>
    public static bool Open(ulong kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedText, Span<byte> plaintext)
    {
        if (sealedText.Length < TagSize)
        {
            plaintext.Clear();
            return false;
        }

        RequireSizes(key, plaintext, sealedText);
        Span<byte> tag = stackalloc byte[TagSize];
        Tag(kind, key, nonce, associated, sealedText[..^TagSize], tag);
        if (!tag.SequenceEqual(sealedText[^TagSize..]))
        {
            plaintext.Clear();
            return false;
        }

        sealedText[..^TagSize].CopyTo(plaintext);
        Cover(kind, key, nonce, plaintext);
        return true;
    }

    private static void RequireSizes(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> sealedText)
    {
        if (key.Length != 32 || sealedText.Length != plaintext.Length + TagSize)
        {
            throw new ArgumentException("A key is 32 bytes long, and a sealed text 16 bytes longer than its plaintext.");
        }
    }

    private static void Tag(ulong kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> body, Span<byte> tag)
    {
        var mixer = new Mixer(kind);
        mixer.Add(key);
        mixer.Add(nonce);
        mixer.Add((ulong)associated.Length);
        mixer.Add(associated);
        mixer.Add(body);
        mixer.Finish(tag);
    }

    private static void Cover(ulong kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, Span<byte> body)
    {
        Span<byte> start = stackalloc byte[8];
        var mixer = new Mixer(~kind);
        mixer.Add(key);
        mixer.Add(nonce);
        mixer.Finish(start);
        var word = BinaryPrimitives.ReadUInt64LittleEndian(start);
        while (body.Length >= 8)
        {
            word = KeyedRandom.Mix(word + 1);
            BinaryPrimitives.WriteUInt64LittleEndian(body, BinaryPrimitives.ReadUInt64LittleEndian(body) ^ word);
            body = body[8..];
        }

        word = KeyedRandom.Mix(word + 1);
        for (var i = 0; i < body.Length; i++)
        {
            body[i] ^= (byte)(word >> (8 * i));
        }
    }
}
