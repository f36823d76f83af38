using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Network;

// Datagrams: lost, doubled and overtaken as the options say, dropped where a stream would stall, and never announced as lost.
// The DHT survives because a query that nobody answers is a query that timed out, and because each answer names its query.
internal sealed partial class SimulatedNetwork
{
    /// <summary>Every node in a /24 of its own, or the DHT would take a world for one person's.</summary>
    private const uint FirstAddress = 10u << 24;

    private const ushort DatagramPort = 1;
    private static readonly TimeSpan s_overtaken = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<long, ulong> _datagrams = [];

    public static Endpoint EndpointOf(int node) => Endpoint.FromIPv4(FirstAddress + ((uint)node << 8) + 1, DatagramPort);

    /// <summary>Sends a datagram, or two, or none.</summary>
    public void SendDatagram(INetworkHost host, Endpoint to, ReadOnlyMemory<byte> bytes)
    {
        BytesSent += bytes.Length;
        HonestBytesSent += bytes.Length;
        if (NodeAt(to) is not { } target || target == host.Index)
        {
            return;
        }

        var pair = Pair(host.Index, target);
        var number = _datagrams[pair] = _datagrams.GetValueOrDefault(pair) + 1;
        if (_random.Chance(DrawStream.DatagramLoss, (ulong)pair, number, _options.Loss))
        {
            return;
        }

        var copies = _random.Chance(DrawStream.DatagramCopy, (ulong)pair, number, _options.Duplicate) ? 2 : 1;
        for (ulong copy = 0; copy < (ulong)copies; copy++)
        {
            var draw = (number * 2) + copy;
            var delay = Latency((ulong)pair, DrawStream.DatagramDelay, draw);
            if (_random.Chance(DrawStream.DatagramOrder, (ulong)pair, draw, _options.Reorder))
            {
                delay += Latency((ulong)pair, DrawStream.DatagramOrder, ~draw) + Microseconds(s_overtaken);
            }

            _scheduler.After(delay, this, (int)NetworkEvent.DatagramArrives, payload: new Datagram(host.Index, target, bytes));
        }
    }

    private void Arrive(Datagram datagram)
    {
        var host = _hosts[datagram.To];
        if (!host.IsUp || IsBlocked(datagram.From, datagram.To))
        {
            return;
        }

        _scheduler.Trace.Fold(datagram.Bytes.Span);
        host.Give(new NodeInput.DatagramReceived(EndpointOf(datagram.From), datagram.Bytes));
    }

    private int? NodeAt(Endpoint endpoint)
    {
        var offset = (long)(uint)endpoint.Address - FirstAddress;
        return endpoint.IsIPv4 && endpoint.Port == DatagramPort && offset >= 0 && (offset & 0xFF) == 1 && offset >> 8 < _hosts.Count ? (int)(offset >> 8) : null;
    }

    private sealed record Datagram(int From, int To, ReadOnlyMemory<byte> Bytes);
}
