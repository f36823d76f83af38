namespace HiNet.Crdt.Core.Discovery;

/// <summary>An address and the interface that it was heard on, without which an IPv6 link-local address leads nowhere.</summary>
public readonly record struct MdnsEndpoint(MdnsAddress Address, int Interface) : IComparable<MdnsEndpoint>
{
    /// <summary>IPv4 first, then IPv6, link-local last; then by address and interface.</summary>
    public int CompareTo(MdnsEndpoint other)
    {
        var order = Rank(Address).CompareTo(Rank(other.Address));
        order = order != 0 ? order : Address.CompareTo(other.Address);
        return order != 0 ? order : Interface.CompareTo(other.Interface);
    }

    private static int Rank(MdnsAddress address) => address.IsIPv4 ? 0 : address.IsIPv6LinkLocal ? 2 : 1;
}
