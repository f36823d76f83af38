using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace HiNet.Crdt;

/// <summary>32 bytes by value: what ids, keys and hashes are made of. Ordered byte by byte, unsigned; written as 64 lower-case hex digits.</summary>
public readonly struct Bytes32 : IEquatable<Bytes32>, IComparable<Bytes32>
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 32;

    private static readonly ulong[] s_hashKeys = DrawHashKeys();

    // Big-endian words, so that comparing words compares bytes.
    private readonly ulong _a, _b, _c, _d;

    /// <summary>Copies <paramref name="bytes"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 32 bytes long.</exception>
    public Bytes32(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"Expected {Size} bytes, got {bytes.Length}.", nameof(bytes));
        }

        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>True when all 32 bytes are zero.</summary>
    public bool IsZero => (_a | _b | _c | _d) == 0;

    /// <summary>The first eight bytes, big-endian: enough to tell ids apart in a log line or a hash table.</summary>
    public ulong Prefix => _a;

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <summary>A fresh array with the 32 bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Reads 64 hex digits of either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Bytes32 value)
    {
        value = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (text is not { Length: 2 * Size }
            || Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        value = new Bytes32(bytes);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(Bytes32 other)
    {
        var order = _a.CompareTo(other._a);
        order = order != 0 ? order : _b.CompareTo(other._b);
        order = order != 0 ? order : _c.CompareTo(other._c);
        return order != 0 ? order : _d.CompareTo(other._d);
    }

    /// <inheritdoc/>
    public bool Equals(Bytes32 other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Bytes32 other && Equals(other);

    /// <summary>
    /// Another in every process: peers choose ids, and none may choose many that fall together in a table here (multilinear hashing,
    /// Lemire and Kaser, "Strongly universal string hashing is fast", 2014: two ids meet with a chance of one in 2^32 whatever they are).
    /// </summary>
    public override int GetHashCode()
    {
        var keys = s_hashKeys;
        return (int)((keys[0]
            + (keys[1] * (uint)_a) + (keys[2] * (_a >> 32))
            + (keys[3] * (uint)_b) + (keys[4] * (_b >> 32))
            + (keys[5] * (uint)_c) + (keys[6] * (_c >> 32))
            + (keys[7] * (uint)_d) + (keys[8] * (_d >> 32))) >> 32);
    }

    /// <summary>64 lower-case hex digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private static ulong[] DrawHashKeys()
    {
        var keys = new ulong[9];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(keys.AsSpan()));
        return keys;
    }

    /// <summary>Byte-wise equality.</summary>
    public static bool operator ==(Bytes32 left, Bytes32 right) => left.Equals(right);

    /// <summary>Byte-wise inequality.</summary>
    public static bool operator !=(Bytes32 left, Bytes32 right) => !left.Equals(right);
}
