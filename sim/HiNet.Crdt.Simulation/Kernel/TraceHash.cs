using System.Buffers.Binary;

namespace HiNet.Crdt.Simulation.Kernel;

/// <summary>
/// A rolling 64-bit hash over everything that happened, in order. It is our own, over little-endian words, so that it is the
/// same in every process, build and folder; it guards against accidents, not against an adversary.
/// </summary>
internal sealed class TraceHash
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;
    private const ulong Offset = 0xD6E8_FEB8_6659_FD93;

    public ulong Value { get; private set; } = Offset;

    /// <summary>The hash of some bytes alone.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var state = Offset ^ (ulong)bytes.Length;
        while (bytes.Length >= 8)
        {
            state = Mix(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        ulong tail = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            tail |= (ulong)bytes[i] << (8 * i);
        }

        return Mix(state, tail);
    }

    /// <summary>The hash of a text's UTF-16 units.</summary>
    public static ulong Of(string text)
    {
        var state = Offset ^ (ulong)text.Length;
        foreach (var unit in text)
        {
            state = Mix(state, unit);
        }

        return state;
    }

    public void Fold(ulong word) => Value = Mix(Value, word);

    public void Fold(long word) => Fold((ulong)word);

    public void Fold(ReadOnlySpan<byte> bytes) => Fold(Of(bytes));

    public void Fold(string text) => Fold(Of(text));

    private static ulong Mix(ulong state, ulong word)
    {
        var high = Math.BigMul(state ^ word, Multiplier, out var low);
        return high ^ low ^ (state << 1 | state >> 63);
    }
}
