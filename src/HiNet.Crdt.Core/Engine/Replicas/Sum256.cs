using System.Buffers.Binary;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>A sum of hashes modulo 2^256: the same whatever order they are added in, and as easily taken from as added to.</summary>
internal struct Sum256
{
    private ulong _a, _b, _c, _d;

    public Sum256(ReadOnlySpan<byte> littleEndian)
    {
        _a = BinaryPrimitives.ReadUInt64LittleEndian(littleEndian);
        _b = BinaryPrimitives.ReadUInt64LittleEndian(littleEndian[8..]);
        _c = BinaryPrimitives.ReadUInt64LittleEndian(littleEndian[16..]);
        _d = BinaryPrimitives.ReadUInt64LittleEndian(littleEndian[24..]);
    }

    public readonly byte[] ToArray()
    {
        var bytes = new byte[32];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, _a);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), _b);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), _c);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), _d);
        return bytes;
    }

    public void Add(ReadOnlySpan<byte> littleEndian)
    {
        var other = new Sum256(littleEndian);
        UInt128 carry = (UInt128)_a + other._a;
        _a = (ulong)carry;
        carry = (carry >> 64) + _b + other._b;
        _b = (ulong)carry;
        carry = (carry >> 64) + _c + other._c;
        _c = (ulong)carry;
        _d = unchecked(_d + other._d + (ulong)(carry >> 64));
    }

    public void Subtract(ReadOnlySpan<byte> littleEndian)
    {
        var other = new Sum256(littleEndian);
        var negated = new Sum256
        {
            _a = ~other._a,
            _b = ~other._b,
            _c = ~other._c,
            _d = ~other._d,
        };
        Add(negated.ToArray());
        Span<byte> one = stackalloc byte[32];
        one[0] = 1;
        Add(one);
    }
}
