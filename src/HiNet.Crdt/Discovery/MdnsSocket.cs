using System.Net;
using System.Net.Sockets;
using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Diagnostics;
using HiNet.Crdt.Transport;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Discovery;

/// <summary>
/// Port 5353 of one family, shared with whatever else on this machine speaks multicast DNS. One socket for all interfaces: the
/// system says of each datagram where it came in, and would give each to every socket of the port anyway.
/// </summary>
internal sealed class MdnsSocket : IDisposable
{
    // What RFC 6762, section 11, asks for, so that receivers can tell that no router was on the way.
    private const int HopLimit = 255;
    private static readonly IPAddress IPv4Group = IPAddress.Parse("224.0.0.251");
    private static readonly IPAddress IPv6Group = IPAddress.Parse("ff02::fb");

    private readonly Socket _socket;
    private readonly bool _isIPv6;
    private readonly ILogger _logger;
    private readonly SortedSet<int> _joined = [];
    private int _sendingOn;

    private MdnsSocket(Socket socket, bool isIPv6, ILogger logger)
    {
        _socket = socket;
        _isIPv6 = isIPv6;
        _logger = logger;
    }

    internal bool IsIPv6 => _isIPv6;

    private IPAddress Group => _isIPv6 ? IPv6Group : IPv4Group;

    private SocketOptionLevel Level => _isIPv6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP;

    /// <exception cref="SocketException">The port cannot be shared, or the system has no such family.</exception>
    internal static MdnsSocket Open(bool isIPv6, ILogger logger)
    {
        var socket = new Socket(isIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (isIPv6)
            {
                socket.DualMode = false;
            }

            var level = isIPv6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.SetSocketOption(level, SocketOptionName.PacketInformation, true);
            socket.SetSocketOption(level, SocketOptionName.MulticastTimeToLive, HopLimit);
            socket.SetSocketOption(level, SocketOptionName.MulticastLoopback, true);
            socket.Ttl = HopLimit;
            socket.Bind(new IPEndPoint(isIPv6 ? IPAddress.IPv6Any : IPAddress.Any, MdnsMachine.Port));
            return new MdnsSocket(socket, isIPv6, logger);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Is in the group on these interfaces and no others. Gives those where that worked.</summary>
    internal IReadOnlySet<int> Join(IEnumerable<int> interfaces)
    {
        var wanted = new SortedSet<int>(interfaces);
        foreach (var gone in _joined.Except(wanted).ToArray())
        {
            TrySet(SocketOptionName.DropMembership, gone);
            _joined.Remove(gone);
        }

        foreach (var added in wanted.Except(_joined).ToArray())
        {
            if (TrySet(SocketOptionName.AddMembership, added) is not { } problem)
            {
                _joined.Add(added);
            }
            else
            {
                _logger.JoinFailed(Group.ToString(), added, problem);
            }
        }

        return _joined;
    }

    /// <summary>One datagram to the group on an interface, or to one address; false when the system does not take it.</summary>
    internal bool TrySend(int @interface, IPEndPoint? to, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (to is null && _sendingOn != @interface)
            {
                _socket.SetSocketOption(Level, SocketOptionName.MulticastInterface, _isIPv6 ? @interface : IPAddress.HostToNetworkOrder(@interface));
                _sendingOn = @interface;
            }

            _socket.SendTo(bytes.Span, SocketFlags.None, to ?? new IPEndPoint(Group, MdnsMachine.Port));
            return true;
        }
        catch (SocketException)
        {
            _sendingOn = 0;
            return false;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>The next datagram, or null when the socket has been closed.</summary>
    internal async Task<MdnsInput.DatagramReceived?> ReceiveAsync(byte[] buffer)
    {
        var any = new IPEndPoint(_isIPv6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (true)
        {
            try
            {
                var received = await _socket.ReceiveMessageFromAsync(buffer, SocketFlags.None, any).ConfigureAwait(false);
                var source = (IPEndPoint)received.RemoteEndPoint;
                return new MdnsInput.DatagramReceived(
                    new MdnsLinkId(received.PacketInformation.Interface, _isIPv6),
                    source.Address.ToMdns(),
                    (ushort)source.Port,
                    buffer.AsMemory(0, received.ReceivedBytes).ToArray());
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException failure) when (failure.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted or SocketError.InvalidArgument)
            {
                return null;
            }
            catch (SocketException)
            {
                // An interface went down, say; a pause, or this loop would spin while it lasts.
                await Task.Delay(TimeSpan.FromMilliseconds(100)).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    // Null when it worked, else why not.
    private string? TrySet(SocketOptionName option, int @interface)
    {
        try
        {
            object membership = _isIPv6 ? new IPv6MulticastOption(Group, @interface) : new MulticastOption(Group, @interface);
            _socket.SetSocketOption(Level, option, membership);
            return null;
        }
        catch (SocketException failure)
        {
            return SocketProblem.Describe(failure);
        }
    }
}
