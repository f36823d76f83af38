using System.Net;
using System.Net.Sockets;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Diagnostics;
using HiNet.Crdt.Driver;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Transport;

/// <summary>Looks up the names among the bootstrap addresses, which the machine cannot, and tells it where to begin in the DHT.</summary>
internal static class BootstrapResolver
{
    private static readonly TimeSpan s_again = TimeSpan.FromMinutes(1);

    /// <summary>Goes on until every name was found, or the node stops.</summary>
    internal static async Task RunAsync(IReadOnlyList<string> addresses, Inbox inbox, ILogger logger, CancellationToken cancellationToken)
    {
        var left = addresses.ToList();
        try
        {
            while (left.Count > 0)
            {
                List<string> unknown = [];
                List<Endpoint> found = [];
                foreach (var address in left)
                {
                    if (!await TryResolveAsync(address, found, logger, cancellationToken).ConfigureAwait(false))
                    {
                        unknown.Add(address);
                    }
                }

                if (found.Count > 0)
                {
                    inbox.Post(new NodeInput.BootstrapResolved(found));
                }

                left = unknown;
                if (left.Count > 0)
                {
                    await Task.Delay(s_again, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private static async Task<bool> TryResolveAsync(string text, List<Endpoint> found, ILogger logger, CancellationToken cancellationToken)
    {
        var address = NodeAddress.Parse(text);
        if (address.ToEndPoint() is IPEndPoint known)
        {
            found.Add(DatagramTransport.ToEndpoint(known));
            return true;
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(address.Host, cancellationToken).ConfigureAwait(false);
            found.AddRange(addresses.Select(ip => DatagramTransport.ToEndpoint(new IPEndPoint(ip, address.Port))));
            return addresses.Length > 0;
        }
        catch (SocketException failure)
        {
            logger.BootstrapUnknown(text, SocketProblem.Describe(failure));
            return false;
        }
    }
}
