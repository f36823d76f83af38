namespace HiNet.Crdt.Core.Discovery;

/// <summary>One family of one network interface: what has a multicast group of its own.</summary>
/// <param name="Interface">The system's index of the interface.</param>
/// <param name="IsIPv6">ff02::fb rather than 224.0.0.251.</param>
public readonly record struct MdnsLinkId(int Interface, bool IsIPv6) : IComparable<MdnsLinkId>
{
    /// <inheritdoc/>
    public int CompareTo(MdnsLinkId other) =>
        Interface != other.Interface ? Interface.CompareTo(other.Interface) : IsIPv6.CompareTo(other.IsIPv6);
}

/// <summary>A link that can be used, with all addresses of its interface, of both families.</summary>
public sealed record MdnsLink(MdnsLinkId Id, IReadOnlyList<MdnsSubnet> Subnets)
{
    /// <summary>Most addresses of a link that are used, the first ones.</summary>
    public const int MaximumAddresses = 8;

    /// <summary>True for an address that a neighbour on this link can have.</summary>
    public bool IsOnLink(MdnsAddress address) =>
        address.IsUnicast && (address.IsIPv6LinkLocal || Subnets.Any(subnet => subnet.Contains(address)));
}
