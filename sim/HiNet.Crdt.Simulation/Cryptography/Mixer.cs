using System.Buffers.Binary;

namespace HiNet.Crdt.Simulation.Cryptography;

/// <summary>
/// A fast 256-bit mixing of bytes with four lanes of wide multiplication. It spreads well and hides nothing: whoever wants a
/// collision finds one. Good enough where nobody in the world tries.
/// </summary>
internal ref struct Mixer
{
    private const ulong K0 = 0xA076_1D64_78BD_642F;
    private const ulong K1 = 0xE703_7ED1_A0B4_28DB;
    private const ulong K2 = 0x8EBC_6AF0_9C88_C6E3;
    private const ulong K3 = 0x5899_65CC_7537_4CC3;
    private const int BlockSize = 32;

    private ulong _a, _b, _c, _d;
    private ulong _length;
    private int _held;
    private Block _block;

    public Mixer(ulong tag)
    {
        _a = tag ^ K0;
        _b = (tag * K1) ^ K2;
        _c = (tag << 32) ^ K3;
        _d = ~tag ^ K1;
    }

    public void Add(ulong word) => Absorb(word, K0, ~word, K1);

    /// <summary>Adding two spans is the same as adding their concatenation.</summary>
    public void Add(scoped ReadOnlySpan<byte> bytes)
    {
        _length += (ulong)bytes.Length;
        Span<byte> block = _block;
        if (_held > 0)
        {
            var taken = Math.Min(BlockSize - _held, bytes.Length);
            bytes[..taken].CopyTo(block[_held..]);
            _held += taken;
            bytes = bytes[taken..];
            if (_held < BlockSize)
            {
                return;
            }

            Absorb(block);
            _held = 0;
        }

        while (bytes.Length >= BlockSize)
        {
            Absorb(bytes);
            bytes = bytes[BlockSize..];
        }

        bytes.CopyTo(block);
        _held = bytes.Length;
    }

    /// <summary>Fills <paramref name="output"/>, of any length; the mixer can be asked again, for something else.</summary>
    public void Finish(scoped Span<byte> output)
    {
        Span<byte> block = _block;
        block[_held..].Clear();
        Absorb(block);
        Add(_length ^ ((ulong)output.Length << 56));
        for (var i = 0; i < 3; i++)
        {
            Add((ulong)i);
        }

        Span<byte> words = stackalloc byte[BlockSize];
        for (ulong counter = 0; output.Length > 0; counter++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(words, Fold(_a ^ counter, _c ^ K0));
            BinaryPrimitives.WriteUInt64LittleEndian(words[8..], Fold(_b ^ counter, _d ^ K1));
            BinaryPrimitives.WriteUInt64LittleEndian(words[16..], Fold(_c ^ counter, _b ^ K2));
            BinaryPrimitives.WriteUInt64LittleEndian(words[24..], Fold(_d ^ counter, _a ^ K3));
            var taken = Math.Min(BlockSize, output.Length);
            words[..taken].CopyTo(output);
            output = output[taken..];
        }
    }

    private static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }

    private void Absorb(scoped ReadOnlySpan<byte> block) => Absorb(
        BinaryPrimitives.ReadUInt64LittleEndian(block),
        BinaryPrimitives.ReadUInt64LittleEndian(block[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(block[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(block[24..]));

    private void Absorb(ulong first, ulong second, ulong third, ulong fourth)
    {
        var a = Fold(_a ^ first, K0 ^ second) + _d;
        var b = Fold(_b ^ second, K1 ^ third) + _a;
        var c = Fold(_c ^ third, K2 ^ fourth) + _b;
        var d = Fold(_d ^ fourth, K3 ^ first) + _c;
        (_a, _b, _c, _d) = (a, b, c, d);
    }

    [System.Runtime.CompilerServices.InlineArray(BlockSize)]
    private struct Block
    {
        private byte _first;
    }
}
