using System.Buffers.Binary;
using System.Globalization;

namespace HiNet.Crdt.Core.Dht;

/// <summary>
/// Where a datagram comes from or goes to: an IPv6 address, or an IPv4 one in its mapped form (::ffff:a.b.c.d), and a UDP port. On the
/// wire 6 bytes for IPv4 and 18 for IPv6, the address first, both big-endian. <c>specs/12-dht.md</c>, "Endpoints".
/// </summary>
public readonly partial record struct Endpoint(UInt128 Address, ushort Port) : IComparable<Endpoint>
{
    /// <summary>The wire form of an IPv4 endpoint, in bytes.</summary>
    public const int ShortSize = 6;

    /// <summary>The wire form of an IPv6 endpoint, in bytes.</summary>
    public const int LongSize = 18;

    private static readonly UInt128 s_mapped = new(0, 0xFFFF_0000_0000);

    /// <summary>True for an IPv4 address.</summary>
    public bool IsIPv4 => Address >> 32 == s_mapped >> 32;

    /// <summary>True when one node can be there: a port, and an address that is neither unspecified, multicast, broadcast nor reserved.</summary>
    public bool IsUsable
    {
        get
        {
            if (Port == 0)
            {
                return false;
            }

            if (IsIPv4)
            {
                var first = (byte)(Address >> 24);
                return first != 0 && first < 224;
            }

            // ::/96 but ::1 is unspecified or long abolished; ff00::/8 is multicast.
            return (byte)(Address >> 120) != 0xFF && (Address >> 32 != 0 || Address == 1);
        }
    }

    /// <summary>How far the address reaches.</summary>
    internal EndpointScope Scope
    {
        get
        {
            if (IsIPv4)
            {
                var word = (uint)Address;
                return (word >> 24) switch
                {
                    127 => EndpointScope.Loopback,
                    10 => EndpointScope.Private,
                    172 when (word >> 20 & 0xF) == 1 => EndpointScope.Private,
                    192 when (word >> 16 & 0xFF) == 168 => EndpointScope.Private,
                    169 when (word >> 16 & 0xFF) == 254 => EndpointScope.Private,
                    100 when (word >> 22 & 3) == 1 => EndpointScope.Private,
                    _ => EndpointScope.Public,
                };
            }

            var head = (ushort)(Address >> 112);
            return Address == 1 ? EndpointScope.Loopback
                : (head & 0xFE00) == 0xFC00 || (head & 0xFFC0) == 0xFE80 ? EndpointScope.Private
                : EndpointScope.Public;
        }
    }

    /// <summary>The network that one person is likely to hold whole: the /24 of an IPv4 address, the /48 of an IPv6 one.</summary>
    internal UInt128 Network => IsIPv4 ? Address >> 8 << 8 : Address >> 80 << 80;

    /// <summary>The network that one organisation is likely to hold whole: the /16 of an IPv4 address, the /32 of an IPv6 one.</summary>
    internal UInt128 WideNetwork => IsIPv4 ? Address >> 16 << 16 : Address >> 96 << 96;

    /// <summary>Bytes that <see cref="Write"/> takes.</summary>
    public int Size => IsIPv4 ? ShortSize : LongSize;

    /// <summary>An IPv4 endpoint; <paramref name="address"/> is big-endian, so 127.0.0.1 is 0x7F000001.</summary>
    public static Endpoint FromIPv4(uint address, ushort port) => new(s_mapped | address, port);

    /// <summary>Writes the wire form, <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Address);
            BinaryPrimitives.WriteUInt16BigEndian(destination[4..], Port);
            return;
        }

        BinaryPrimitives.WriteUInt128BigEndian(destination, Address);
        BinaryPrimitives.WriteUInt16BigEndian(destination[16..], Port);
    }

    /// <summary>Reads the wire form; false for another length, and for an IPv4 address in the long form.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Endpoint endpoint)
    {
        endpoint = bytes.Length switch
        {
            ShortSize => FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt16BigEndian(bytes[4..])),
            LongSize => new Endpoint(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt16BigEndian(bytes[16..])),
            _ => default,
        };
        return bytes.Length == endpoint.Size;
    }

    /// <inheritdoc/>
    public int CompareTo(Endpoint other)
    {
        var order = Address.CompareTo(other.Address);
        return order != 0 ? order : Port.CompareTo(other.Port);
    }

    /// <summary><c>1.2.3.4:5</c>, or <c>[2001:db8::1]:5</c> with the address as RFC 5952 writes it.</summary>
    public override string ToString() => IsIPv4
        ? string.Create(CultureInfo.InvariantCulture, $"{(byte)(Address >> 24)}.{(byte)(Address >> 16)}.{(byte)(Address >> 8)}.{(byte)Address}:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"[{LongText()}]:{Port}");

    /// <summary>The same in every process.</summary>
    public override int GetHashCode() => (int)((ulong)Address ^ ((ulong)Address >> 32) ^ (ulong)(Address >> 64) ^ (ulong)(Address >> 96)) * 31 + Port;
}
