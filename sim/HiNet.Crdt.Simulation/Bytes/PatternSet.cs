using System.Runtime.InteropServices;

namespace HiNet.Crdt.Simulation.Bytes;

/// <summary>
/// Byte strings that are looked for together, so that a look costs one pass however many they are. A string counts as found when
/// its first <see cref="Longest"/> bytes are. Shorter ones than 8 bytes are not taken: they would be found by chance.
/// </summary>
internal sealed class PatternSet
{
    /// <summary>Whoever looks for a byte string looks for so many bytes at its beginning.</summary>
    public const int Longest = 24;

    private const int Window = 8;
    private const int FilterBits = 16;

    /// <summary>A bit for each hash of the first four bytes of a string that is looked for.</summary>
    private readonly ulong[] _filter = new ulong[(1 << FilterBits) / 64];
    private readonly Dictionary<ulong, List<Pattern>> _byStart = [];

    public int Count { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes, PatternKind kind, int number)
    {
        if (bytes.Length < Window)
        {
            return;
        }

        var start = MemoryMarshal.Read<ulong>(bytes);
        if (!_byStart.TryGetValue(start, out var patterns))
        {
            _byStart.Add(start, patterns = []);
        }

        var slot = Slot(start);
        _filter[slot >> 6] |= 1UL << (slot & 63);
        patterns.Add(new Pattern(bytes[..Math.Min(bytes.Length, Longest)].ToArray(), kind, number));
        Count++;
    }

    /// <summary>The first string that is in the bytes and for which <paramref name="counts"/> is true; null when there is none.</summary>
    public Pattern? Find(ReadOnlySpan<byte> bytes, Func<Pattern, bool>? counts = null)
    {
        if (Count == 0)
        {
            return null;
        }

        for (var i = 0; i + Window <= bytes.Length; i++)
        {
            var start = MemoryMarshal.Read<ulong>(bytes[i..]);
            var slot = Slot(start);
            if ((_filter[slot >> 6] >> (slot & 63) & 1) == 0 || !_byStart.TryGetValue(start, out var patterns))
            {
                continue;
            }

            foreach (var pattern in patterns)
            {
                if (bytes[i..].StartsWith(pattern.Bytes) && (counts is null || counts(pattern)))
                {
                    return pattern;
                }
            }
        }

        return null;
    }

    private static int Slot(ulong start) => (int)((uint)start * 0x9E37_79B1u >> (32 - FilterBits));
}
