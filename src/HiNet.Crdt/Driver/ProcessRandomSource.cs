using System.Buffers.Binary;
using System.Security.Cryptography;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Driver;

/// <summary>Protocol choices of a real node: a function of (seed, stream, counter) like the simulator's, under a seed that each run draws anew.</summary>
internal sealed class ProcessRandomSource : IRandomSource
{
    private readonly ulong _seed;

    internal ProcessRandomSource()
    {
        Span<byte> seed = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(seed);
        _seed = BinaryPrimitives.ReadUInt64LittleEndian(seed);
    }

    public ulong Draw(RandomStream stream, ulong counter) => Mix(Mix(_seed + (ulong)stream) + counter);

    // SplitMix64's step and finaliser (Steele, Lea and Flood, 2014).
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
