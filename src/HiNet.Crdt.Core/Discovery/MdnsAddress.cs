using System.Buffers.Binary;

namespace HiNet.Crdt.Core.Discovery;

/// <summary>An IPv6 address, or an IPv4 address as its mapped form (::ffff:0:0/96), by value. Ordered as numbers, which puts IPv4 before most IPv6.</summary>
public readonly record struct MdnsAddress(UInt128 Value) : IComparable<MdnsAddress>
{
    /// <summary>Bytes of an IPv4 address.</summary>
    public const int IPv4Size = 4;

    /// <summary>Bytes of an IPv6 address.</summary>
    public const int IPv6Size = 16;

    public bool IsIPv4 => Value >> 32 == 0xffff;

    public bool IsIPv6LinkLocal => Value >> 118 == 0xfe80 >> 6;

    public bool IsLoopback => Value == UInt128.One || (IsIPv4 && (byte)(Value >> 24) == 127);

    /// <summary>False for what can be nobody's address: unspecified, multicast, broadcast.</summary>
    public bool IsUnicast => IsIPv4
        ? (byte)(Value >> 24) is > 0 and < 0xe0
        : Value != UInt128.Zero && Value >> 120 != 0xff;

    /// <param name="bytes">4 bytes of IPv4 or 16 of IPv6, in network order.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public static MdnsAddress FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        IPv4Size => new(((UInt128)0xffff << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        IPv6Size => new(BinaryPrimitives.ReadUInt128BigEndian(bytes)),
        _ => throw new ArgumentException($"An address has {IPv4Size} or {IPv6Size} bytes, not {bytes.Length}.", nameof(bytes)),
    };

    /// <summary>4 or 16 bytes, in network order.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[IPv6Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return IsIPv4 ? bytes[^IPv4Size..] : bytes;
    }

    /// <inheritdoc/>
    public int CompareTo(MdnsAddress other) => Value.CompareTo(other.Value);

    /// <summary>Dotted for IPv4; eight groups of hex for IPv6, not shortened.</summary>
    public override string ToString()
    {
        var bytes = ToBytes();
        return IsIPv4
            ? string.Join('.', bytes)
            : string.Join(':', bytes.Chunk(2).Select(group => Convert.ToHexStringLower(group)));
    }
}
