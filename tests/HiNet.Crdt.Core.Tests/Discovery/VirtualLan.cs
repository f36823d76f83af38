using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Discovery;

/// <summary>One LAN with virtual time: what is multicast reaches every node after a millisecond, the sender too.</summary>
internal sealed class VirtualLan
{
    private static readonly TimeSpan s_delay = TimeSpan.FromMilliseconds(1);
    private readonly List<(Instant At, LanNode? To, MdnsAddress From, ushort Port, byte[] Bytes)> _underWay = [];

    internal Instant Now { get; private set; } = new(1_000_000);

    internal List<LanNode> Nodes { get; } = [];

    /// <summary>Everything that was multicast, with when and by whom.</summary>
    internal List<(Instant At, MdnsAddress From, DnsMessage Message)> Heard { get; } = [];

    /// <summary>Everything that was sent to one address, with the port.</summary>
    internal List<(Instant At, MdnsAddress To, ushort Port, DnsMessage Message)> Unicasts { get; } = [];

    internal LanNode Add(int number, ushort port = 4455, params MdnsSecret[] secrets) => AddSeeded(number, number, port, secrets);

    internal LanNode AddSeeded(int number, int seed, ushort port = 4455, params MdnsSecret[] secrets) => Add(new LanNode(this, number, port, seed), secrets);

    /// <summary>A node whose every draw gives this: with zero, each delay is the least.</summary>
    internal LanNode AddDrawing(ulong drawn, int number, ushort port = 4455, params MdnsSecret[] secrets) =>
        Add(new LanNode(this, number, port, number) { Drawn = drawn }, secrets);

    private LanNode Add(LanNode node, MdnsSecret[] secrets)
    {
        node.Give(new MdnsInput.SecretsChanged(secrets));
        node.Give(new MdnsInput.LinksChanged([node.Link]));
        Nodes.Add(node);
        return node;
    }

    internal void Multicast(MdnsAddress from, byte[] bytes)
    {
        bytes.Length.ShouldBeLessThanOrEqualTo(DnsMessage.MaximumSent);
        Heard.Add((Now, from, DnsMessage.Read(bytes).ShouldNotBeNull()));
        foreach (var node in Nodes)
        {
            _underWay.Add((Now + s_delay, node, from, MdnsMachine.Port, bytes));
        }
    }

    internal void Unicast(MdnsAddress from, MdnsAddress to, ushort port, byte[] bytes)
    {
        Unicasts.Add((Now, to, port, DnsMessage.Read(bytes).ShouldNotBeNull()));
        _underWay.AddRange(Nodes.Where(node => node.Address == to && port == MdnsMachine.Port).Select(node => (Now + s_delay, (LanNode?)node, from, MdnsMachine.Port, bytes)));
    }

    /// <summary>From a station that is no node of ours.</summary>
    internal void Say(int number, DnsMessage message, ushort port = MdnsMachine.Port) => SayBytes(number, message.Write(), port);

    internal void SayBytes(int number, byte[] bytes, ushort port = MdnsMachine.Port)
    {
        foreach (var node in Nodes)
        {
            node.Give(new MdnsInput.DatagramReceived(node.Link.Id, LanNode.AddressOf(number), port, bytes));
        }
    }

    internal void Run(double seconds)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        for (var steps = 0; ; steps++)
        {
            steps.ShouldBeLessThan(200_000, "a machine spins");
            var next = Nodes.Select(node => node.Machine.Deadline).Concat(_underWay.Select(datagram => datagram.At)).Append(Instant.Never).Min();
            if (next > end)
            {
                Now = end;
                return;
            }

            Now = next > Now ? next : Now;
            foreach (var datagram in _underWay.Where(datagram => datagram.At <= Now).ToArray())
            {
                _underWay.Remove(datagram);
                if (datagram.To is { IsConnected: true } node)
                {
                    node.Give(new MdnsInput.DatagramReceived(node.Link.Id, datagram.From, datagram.Port, datagram.Bytes));
                }
            }

            foreach (var node in Nodes.Where(node => node.Machine.Deadline <= Now).ToArray())
            {
                node.HandleDeadline();
            }
        }
    }
}
