namespace HiNet.Crdt.Core.Dht;

/// <summary>A range of addresses: those whose first <paramref name="PrefixBits"/> bits are those of <paramref name="First"/>. IPv4 in its mapped form, so 127.0.0.0/8 has 104 bits.</summary>
public readonly record struct AddressRange(UInt128 First, int PrefixBits)
{
    /// <summary>127.0.0.0/8.</summary>
    public static AddressRange LoopbackIPv4 { get; } = new(Endpoint.FromIPv4(0x7F00_0000, 0).Address, 96 + 8);

    /// <summary>::1.</summary>
    public static AddressRange LoopbackIPv6 { get; } = new(UInt128.One, 128);

    /// <summary>Whether an address lies in it.</summary>
    public bool Contains(UInt128 address) => PrefixBits <= 0 || (address ^ First) >> (128 - Math.Min(PrefixBits, 128)) == 0;
}
