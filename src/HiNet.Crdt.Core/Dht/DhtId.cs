using System.Buffers.Binary;
using System.Numerics;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// A place in the DHT's space of 256-bit ids, where distance is XOR (Maymounkov, Mazières: "Kademlia", 2002). A node's is a hash of
/// its node key, so nobody chooses a place without a search for keys; a record's is its target. <c>specs/12-dht.md</c>, "Ids".
/// </summary>
public readonly struct DhtId : IEquatable<DhtId>, IComparable<DhtId>
{
    /// <summary>Length in bits.</summary>
    public const int Bits = 256;

    private readonly ulong _a, _b, _c, _d;

    /// <summary>The id with these bytes; bit 0 is the most significant one of the first.</summary>
    public DhtId(Bytes32 value)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        value.CopyTo(bytes);
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    internal DhtId(ulong a, ulong b, ulong c, ulong d)
    {
        _a = a;
        _b = b;
        _c = c;
        _d = d;
    }

    /// <summary>The 32 bytes.</summary>
    public Bytes32 Value
    {
        get
        {
            Span<byte> bytes = stackalloc byte[Bytes32.Size];
            BinaryPrimitives.WriteUInt64BigEndian(bytes, _a);
            BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _b);
            BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], _c);
            BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], _d);
            return new Bytes32(bytes);
        }
    }

    /// <summary>The id of a node: BLAKE2b-256 of the domain and its key.</summary>
    public static DhtId OfNode(ICryptography cryptography, Bytes32 nodeKey)
    {
        Span<byte> key = stackalloc byte[Bytes32.Size];
        nodeKey.CopyTo(key);
        return new DhtId(DomainHash.Of(cryptography, Domains.DhtNodeId, key));
    }

    /// <summary>How many leading bits two ids share: 0 to 256.</summary>
    public static int CommonPrefix(DhtId left, DhtId right)
    {
        var word = left._a ^ right._a;
        if (word != 0)
        {
            return BitOperations.LeadingZeroCount(word);
        }

        word = left._b ^ right._b;
        if (word != 0)
        {
            return 64 + BitOperations.LeadingZeroCount(word);
        }

        word = left._c ^ right._c;
        return word != 0 ? 128 + BitOperations.LeadingZeroCount(word) : 192 + BitOperations.LeadingZeroCount(left._d ^ right._d);
    }

    /// <summary>Negative when <paramref name="left"/> is nearer to this id than <paramref name="right"/> is; 0 only for equal ids.</summary>
    public int CompareDistances(DhtId left, DhtId right)
    {
        var order = (left._a ^ _a).CompareTo(right._a ^ _a);
        if (order != 0)
        {
            return order;
        }

        order = (left._b ^ _b).CompareTo(right._b ^ _b);
        order = order != 0 ? order : (left._c ^ _c).CompareTo(right._c ^ _c);
        return order != 0 ? order : (left._d ^ _d).CompareTo(right._d ^ _d);
    }

    /// <summary>An id that shares exactly <paramref name="prefix"/> leading bits with this one; the bits behind come from <paramref name="drawn"/>.</summary>
    internal DhtId WithPrefix(int prefix, DhtId drawn)
    {
        Span<ulong> own = [_a, _b, _c, _d];
        Span<ulong> other = [drawn._a, drawn._b, drawn._c, drawn._d];
        for (var word = 0; word < 4; word++)
        {
            // Bits of this word that are kept: all, some, or none.
            var kept = Math.Clamp(prefix - (64 * word), 0, 64);
            var mask = kept == 0 ? 0UL : ulong.MaxValue << (64 - kept);
            own[word] = (own[word] & mask) | (other[word] & ~mask);
        }

        var flipped = prefix / 64;
        var bit = 1UL << (63 - (prefix % 64));
        var mine = flipped switch { 0 => _a, 1 => _b, 2 => _c, _ => _d };
        own[flipped] = (own[flipped] & ~bit) | (~mine & bit);
        return new DhtId(own[0], own[1], own[2], own[3]);
    }

    /// <inheritdoc/>
    public int CompareTo(DhtId other)
    {
        var order = _a.CompareTo(other._a);
        order = order != 0 ? order : _b.CompareTo(other._b);
        order = order != 0 ? order : _c.CompareTo(other._c);
        return order != 0 ? order : _d.CompareTo(other._d);
    }

    /// <inheritdoc/>
    public bool Equals(DhtId other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DhtId other && Equals(other);

    /// <summary>The same in every process.</summary>
    public override int GetHashCode() => (int)(_b ^ (_b >> 32) ^ _d);

    /// <summary>64 lower-case hex digits.</summary>
    public override string ToString() => Value.ToString();

    /// <summary>Equality of all bits.</summary>
    public static bool operator ==(DhtId left, DhtId right) => left.Equals(right);

    /// <summary>Inequality of any bit.</summary>
    public static bool operator !=(DhtId left, DhtId right) => !left.Equals(right);
}
