using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace HiNet.Crdt.Transport;

/// <summary>What to put into an invite for an address that a node listens on.</summary>
internal static class ReachableAddresses
{
    private const int Maximum = 4;

    /// <summary>The address itself; for "any address", those of this machine's interfaces, and loopback where it has no other.</summary>
    internal static IReadOnlyList<string> Of(NodeAddress bound)
    {
        if (!IPAddress.TryParse(bound.Host, out var listening)
            || !(listening.Equals(IPAddress.Any) || listening.Equals(IPAddress.IPv6Any)))
        {
            return [bound.ToString()];
        }

        var found = LocalAddresses()
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork || listening.Equals(IPAddress.IPv6Any))
            .Take(Maximum)
            .Select(address => new NodeAddress(address.ToString(), bound.Port).ToString())
            .ToArray();
        var loopback = listening.Equals(IPAddress.Any) ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        return found.Length > 0 ? found : [new NodeAddress(loopback.ToString(), bound.Port).ToString()];
    }

    private static IPAddress[] LocalAddresses()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces()
                .Where(candidate => candidate.OperationalStatus == OperationalStatus.Up)
                .SelectMany(candidate => candidate.GetIPProperties().UnicastAddresses)
                .Select(unicast => unicast.Address)
                .Where(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal)
                .OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
                .ToArray();
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }
}
