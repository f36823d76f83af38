using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Diagnostics;
using HiNet.Crdt.Driver;
using Microsoft.Extensions.Logging;

namespace HiNet.Crdt.Transport;

/// <summary>
/// A node's UDP port, with the number of its TCP port. Datagrams may be lost anyway, so nothing here waits: what the system does
/// not take at once is dropped and counted, and so is what comes in faster than the node looks at it.
/// </summary>
internal sealed class DatagramTransport : IDisposable
{
    /// <summary>One more than the longest datagram that means anything, so that a longer one shows.</summary>
    private const int MaximumLength = 1_500;

    private const int BufferBytes = 1 << 20;

    private readonly Socket _socket;
    private readonly Inbox _inbox;
    private readonly ILogger _logger;

    private DatagramTransport(Socket socket, Inbox inbox, ILogger logger)
    {
        _socket = socket;
        _inbox = inbox;
        _logger = logger;
    }

    /// <summary>Binds the UDP port beside a TCP one.</summary>
    /// <exception cref="HiNetException">It is taken.</exception>
    internal static DatagramTransport Bind(NodeAddress address, Inbox inbox, ILogger logger)
    {
        var endPoint = (IPEndPoint)address.ToEndPoint();
        var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.ReceiveBufferSize = BufferBytes;
            socket.SendBufferSize = BufferBytes;
            socket.Bind(endPoint);
            return new DatagramTransport(socket, inbox, logger);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new HiNetException(string.Create(
                CultureInfo.InvariantCulture,
                $"Cannot use UDP on {address}: {SocketProblem.Describe(failure)}; choose another port, or leave the DHT out."), failure);
        }
    }

    internal void Start() => _ = Task.Run(ReceiveAsync);

    /// <summary>Belongs to the driver's thread; never waits.</summary>
    internal void Send(Endpoint to, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            _socket.SendTo(bytes.Span, SocketFlags.None, ToEndPoint(to));
            NodeMetrics.CountDatagramSent(bytes.Length);
        }
        catch (SocketException)
        {
            // No route, a full buffer, an IPv6 address where there is only IPv4: as if it had been lost on the way.
            NodeMetrics.Count("hinet.datagram.unsent", 1);
        }
        catch (ObjectDisposedException)
        {
            // The node is stopping.
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReceiveAsync()
    {
        var buffer = new byte[MaximumLength];
        EndPoint any = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (true)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, any).ConfigureAwait(false);
                var from = ToEndpoint((IPEndPoint)received.RemoteEndPoint);
                NodeMetrics.CountDatagramReceived(received.ReceivedBytes);
                _inbox.PostDatagram(new NodeInput.DatagramReceived(from, buffer.AsMemory(0, received.ReceivedBytes).ToArray()));
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException failure) when (failure.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted)
            {
                return;
            }
            catch (SocketException failure)
            {
                // Somebody's "port unreachable", or a datagram longer than the buffer: the next one may be good.
                _logger.DatagramFailed(SocketProblem.Describe(failure));
            }
        }
    }

    internal static Endpoint ToEndpoint(IPEndPoint endPoint)
    {
        Span<byte> bytes = stackalloc byte[16];
        endPoint.Address.MapToIPv6().TryWriteBytes(bytes, out _);
        return new Endpoint(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes), (ushort)endPoint.Port);
    }

    private IPEndPoint ToEndPoint(Endpoint endpoint)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, endpoint.Address);
        var address = new IPAddress(bytes);
        return new IPEndPoint(endpoint.IsIPv4 && _socket.AddressFamily == AddressFamily.InterNetwork ? address.MapToIPv4() : address, endpoint.Port);
    }
}
