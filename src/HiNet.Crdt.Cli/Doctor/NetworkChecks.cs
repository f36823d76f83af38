using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using HiNet.Crdt.Cli.Output;
using HiNet.Crdt.LocalApi;
using HiNet.Crdt.LocalApi.Contract;

namespace HiNet.Crdt.Cli.Doctor;

/// <summary>How this node and others can find and reach each other.</summary>
internal static class NetworkChecks
{
    private const int MdnsPort = 5353;

    private static readonly TimeSpan DialPatience = TimeSpan.FromSeconds(3);
    private static readonly IPAddress MdnsGroup = IPAddress.Parse("224.0.0.251");

    /// <summary>A UDP port can be had; and what the running node knows of the DHT.</summary>
    /// <param name="api">The running node; null when none runs.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<CheckLine> DhtAsync(INodeApi? api, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        }
        catch (SocketException e)
        {
            return new CheckLine("dht", false, $"no UDP port can be opened: {e.Message}");
        }

        if (api is null)
        {
            return new CheckLine("dht", true, "a UDP port can be opened; no node runs to ask for more");
        }

        try
        {
            var stats = await api.GetDhtStatsAsync(cancellationToken).ConfigureAwait(false);
            var seen = stats.Observed is null ? "nobody has said yet where they see it" : $"others see it at {stats.Observed}";
            return new CheckLine("dht", true, stats.Contacts == 0
                ? "the node knows nobody in the DHT yet; it needs a contact that is reachable, or --bootstrap"
                : string.Create(CultureInfo.InvariantCulture, $"{(stats.Contacts == 1 ? "1 contact" : $"{stats.Contacts} contacts")} in the table; {seen}"));
        }
        catch (HiNetException e)
        {
            // A choice rather than a fault: the node was started without.
            return new CheckLine("dht", true, e.Message);
        }
    }

    /// <summary>Port 5353 can be shared with what else uses it here, and there is an interface with a local network behind it.</summary>
    public static CheckLine Mdns()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IPAddress.Any, MdnsPort));
            var joined = Interfaces().Where(found => TryJoin(socket, found.Index)).Select(found => found.Name).ToList();

            // Being on no network is no fault of the machine, so it is said and not held against it.
            return new CheckLine("mdns", true, joined.Count > 0
                ? $"UDP port {MdnsPort} can be shared, and multicast goes over {string.Join(", ", joined)}"
                : $"UDP port {MdnsPort} can be shared, but no interface that is up has multicast: nobody is found on a local network");
        }
        catch (SocketException e)
        {
            return new CheckLine("mdns", false, $"UDP port {MdnsPort} cannot be shared ({e.Message}); another program holds it for itself alone");
        }
        catch (NetworkInformationException e)
        {
            return new CheckLine("mdns", false, $"the system does not tell its network interfaces: {e.Message}");
        }
    }

    /// <summary>What the running node tells others to dial can be dialled from here.</summary>
    /// <param name="status">The running node's; null when none runs.</param>
    /// <param name="cancellationToken">Stops the dialling.</param>
    public static async Task<CheckLine> ReachabilityAsync(NodeStatusInfo? status, CancellationToken cancellationToken)
    {
        if (status is null)
        {
            return new CheckLine("reachability", true, "no node runs, so there is nothing to reach");
        }

        if (status.Addresses.Count == 0)
        {
            return new CheckLine("reachability", true, "the node listens nowhere; it links to others, and they cannot link to it");
        }

        var answers = await Task.WhenAll(status.Addresses.Select(address => DialAsync(address, cancellationToken))).ConfigureAwait(false);
        var failed = answers.Where(answer => answer.Problem is not null).Select(answer => $"{answer.Address} ({answer.Problem})").ToList();
        if (failed.Count > 0)
        {
            return new CheckLine(
                "reachability",
                false,
                $"cannot be dialled from here: {string.Join(", ", failed)}; a router may refuse its own outer address, so try from another network too");
        }

        var alone = status.Addresses.All(IsLoopback) ? "; only this machine can dial that, see 'run --listen'" : string.Empty;
        return new CheckLine("reachability", true, $"{string.Join(", ", status.Addresses)} can be dialled from here{alone}");
    }

    private static IEnumerable<(string Name, int Index)> Interfaces() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(found => found.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown
            && found.SupportsMulticast
            && found.Supports(NetworkInterfaceComponent.IPv4)
            && found.NetworkInterfaceType is not (NetworkInterfaceType.Loopback or NetworkInterfaceType.Ppp or NetworkInterfaceType.Tunnel))
        .Select(found => (found.Name, found.GetIPProperties().GetIPv4Properties().Index));

    private static bool TryJoin(Socket socket, int index)
    {
        try
        {
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(MdnsGroup, index));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<(string Address, string? Problem)> DialAsync(string address, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(DialPatience);
        try
        {
            var (host, port) = Split(address);
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(host, port, deadline.Token).ConfigureAwait(false);
            return (address, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (address, string.Create(CultureInfo.InvariantCulture, $"no answer within {DialPatience.TotalSeconds:0} seconds"));
        }
        catch (SocketException e)
        {
            return (address, e.Message);
        }
    }

    private static bool IsLoopback(string address) => IPAddress.TryParse(Split(address).Host, out var ip) ? IPAddress.IsLoopback(ip) : Split(address).Host == "localhost";

    // The node has checked the form.
    private static (string Host, int Port) Split(string address)
    {
        var colon = address.LastIndexOf(':');
        return (address[..colon].Trim('[', ']'), int.Parse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture));
    }
}
