using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Diagnostics;

namespace HiNet.Crdt.Discovery;

/// <summary>The links of this machine that multicast DNS can use: interfaces that are up, with their addresses.</summary>
internal static class LanInterfaces
{
    private static readonly bool[] Families = [false, true];

    /// <summary>Sorted. Null when the system does not say.</summary>
    internal static IReadOnlyList<MdnsLink>? Read(MdnsServiceOptions options)
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces().Where(candidate => IsUsable(candidate, options)).SelectMany(found => LinksOf(found, options)).OrderBy(link => link.Id)];
        }
        catch (NetworkInformationException failure)
        {
            options.Logger.InterfacesUnreadable(failure.Message);
            return null;
        }
    }

    internal static MdnsAddress ToMdns(this IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[MdnsAddress.IPv6Size];
        address.TryWriteBytes(bytes, out var length);
        return MdnsAddress.FromBytes(bytes[..length]);
    }

    /// <summary>With the interface as the scope of an IPv6 link-local address.</summary>
    internal static IPAddress ToIPAddress(this MdnsAddress address, int @interface) =>
        address.IsIPv6LinkLocal ? new IPAddress(address.ToBytes(), @interface) : new IPAddress(address.ToBytes());

    // Point-to-point tunnels lead to no LAN.
    private static bool IsUsable(NetworkInterface candidate, MdnsServiceOptions options) =>
        candidate.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown
        && (candidate.NetworkInterfaceType == NetworkInterfaceType.Loopback
            ? options.IncludesLoopback
            : candidate.SupportsMulticast && candidate.NetworkInterfaceType is not (NetworkInterfaceType.Ppp or NetworkInterfaceType.Tunnel));

    private static IEnumerable<MdnsLink> LinksOf(NetworkInterface found, MdnsServiceOptions options)
    {
        var properties = found.GetIPProperties();
        if (IndexOf(found, properties) is not { } index)
        {
            return [];
        }

        MdnsSubnet[] subnets = [.. properties.UnicastAddresses
            .Where(unicast => unicast.Address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
            .Where(unicast => options.Addresses?.Any(wanted => Equal(wanted, unicast.Address)) ?? true)
            .Select(unicast => new MdnsSubnet(unicast.Address.ToMdns(), unicast.PrefixLength))
            .Distinct()
            .OrderBy(subnet => new MdnsEndpoint(subnet.Address, index))];
        return Families
            .Where(isIPv6 => subnets.Any(subnet => subnet.Address.IsIPv4 != isIPv6))
            .Select(isIPv6 => new MdnsLink(new MdnsLinkId(index, isIPv6), subnets));
    }

    private static bool Equal(IPAddress wanted, IPAddress address) => wanted.GetAddressBytes().AsSpan().SequenceEqual(address.GetAddressBytes());

    private static int? IndexOf(NetworkInterface found, IPInterfaceProperties properties)
    {
        try
        {
            return found.Supports(NetworkInterfaceComponent.IPv4) ? properties.GetIPv4Properties().Index
                : found.Supports(NetworkInterfaceComponent.IPv6) ? properties.GetIPv6Properties().Index
                : null;
        }
        catch (NetworkInformationException)
        {
            // Gone since it was listed.
            return null;
        }
    }
}
