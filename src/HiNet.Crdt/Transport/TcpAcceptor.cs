using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HiNet.Crdt.Diagnostics;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Transport;

/// <summary>
/// Accepts links in bounds: at most <see cref="MaximumLinks"/> at once, and at most <see cref="MaximumUnestablished"/> that
/// have not sent as much as a handshake takes. A flood of silent connections drops one of these, so that newcomers still get in: one of
/// those of the addresses that have most of them, drawn, so that whoever is slow and honest is not surely it. One that sends the bytes without
/// the keys is ended by the machine.
/// </summary>
internal sealed class TcpAcceptor : IDisposable
{
    internal const int MaximumLinks = 1024;
    internal const int MaximumUnestablished = 64;

    /// <summary>What an initiator sends before it can have a link: Noise XX and the stream's header, framed (35 + 67 + 59).</summary>
    private const int HandshakeBytes = 161;

    private readonly Lock _gate = new();
    private readonly HashSet<StreamLink> _links = [];
    private readonly List<(StreamLink Link, IPAddress Source)> _unestablished = [];
    private readonly Socket _socket;
    private readonly ILogger _logger;

    private TcpAcceptor(Socket socket, NodeAddress address, ILogger logger)
    {
        _socket = socket;
        _logger = logger;
        Address = address;
    }

    /// <summary>The bound address, with the port that the system chose where it was asked to.</summary>
    internal NodeAddress Address { get; }

    /// <exception cref="HiNetException">The address cannot be bound.</exception>
    internal static TcpAcceptor Bind(NodeAddress address, ILogger logger)
    {
        Socket? socket = null;
        try
        {
            var endPoint = address.ToEndPoint() as IPEndPoint
                ?? new IPEndPoint(Dns.GetHostAddresses(address.Host)[0], address.Port);
            socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(endPoint);
            socket.Listen(128);
            var bound = (IPEndPoint)socket.LocalEndPoint!;
            return new TcpAcceptor(socket, new NodeAddress(bound.Address.ToString(), bound.Port), logger);
        }
        catch (SocketException failure)
        {
            socket?.Dispose();
            throw new HiNetException(string.Create(
                CultureInfo.InvariantCulture,
                $"Cannot listen on {address}: {SocketProblem.Describe(failure)}; choose another address or port."), failure);
        }
    }

    /// <summary>Begins to accept; <paramref name="open"/> makes a link of a socket.</summary>
    internal void Start(Func<Socket, StreamLink> open) => _ = Task.Run(() => AcceptAsync(open));

    internal void Forget(StreamLink link)
    {
        lock (_gate)
        {
            if (_links.Remove(link))
            {
                _unestablished.RemoveAll(other => other.Link == link);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task AcceptAsync(Func<Socket, StreamLink> open)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _socket.AcceptAsync().ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException failure) when (failure.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted or SocketError.InvalidArgument)
            {
                return;
            }
            catch (SocketException failure)
            {
                // Out of file descriptors, say: a pause, or this loop would spin until some are free.
                _logger.AcceptFailed(SocketProblem.Describe(failure));
                await Task.Delay(TimeSpan.FromMilliseconds(100)).ConfigureAwait(false);
                continue;
            }

            Admit(socket, open);
        }
    }

    private void Admit(Socket socket, Func<Socket, StreamLink> open)
    {
        StreamLink? victim = null;
        try
        {
            lock (_gate)
            {
                _unestablished.RemoveAll(other => other.Link.Received >= HandshakeBytes);
                if (_links.Count >= MaximumLinks)
                {
                    _logger.LinkRefused(MaximumLinks);
                    socket.Dispose();
                    return;
                }

                var source = SourceOf(socket);
                victim = _unestablished.Count >= MaximumUnestablished ? Victim() : null;
                var link = open(socket);
                if (!link.Finished.IsCompleted)
                {
                    _links.Add(link);
                    _unestablished.Add((link, source));
                }
            }
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            // The caller hung up before its options could be set, or before it was a stream.
            socket.Dispose();
        }

        victim?.End("too many links are in their handshake");
    }

    private StreamLink Victim()
    {
        var sources = _unestablished.GroupBy(other => other.Source).ToList();
        var most = sources.Max(group => group.Count());
        var crowd = sources.Where(group => group.Count() == most).SelectMany(group => group).ToList();
        return crowd[Random.Shared.Next(crowd.Count)].Link;
    }

    /// <summary>What one person is likely to hold: an IPv4 address, the /64 of an IPv6 one.</summary>
    private static IPAddress SourceOf(Socket socket)
    {
        var address = ((IPEndPoint)socket.RemoteEndPoint!).Address;
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        if (bytes.Length > 8)
        {
            bytes.AsSpan(8).Clear();
        }

        return new IPAddress(bytes);
    }
}
