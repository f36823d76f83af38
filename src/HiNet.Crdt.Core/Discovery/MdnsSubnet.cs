namespace HiNet.Crdt.Core.Discovery;

/// <summary>An address of an interface and the part of it that its neighbours share.</summary>
/// <param name="Address">The interface's own address.</param>
/// <param name="PrefixLength">In bits of its family: 0 to 32 for IPv4, 0 to 128 for IPv6.</param>
public readonly record struct MdnsSubnet(MdnsAddress Address, int PrefixLength)
{
    /// <summary>True for an address of the same family with the same prefix.</summary>
    public bool Contains(MdnsAddress other)
    {
        var hostBits = Math.Clamp((Address.IsIPv4 ? 32 : 128) - PrefixLength, 0, 128);
        return Address.IsIPv4 == other.IsIPv4 && (hostBits == 128 || Address.Value >> hostBits == other.Value >> hostBits);
    }
}
