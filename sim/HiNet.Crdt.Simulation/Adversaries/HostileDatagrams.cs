using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Network;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// What every adversary does beside its kind where there is a DHT: it keeps datagrams that it has seen and sends them on, as they
/// are or with some bytes changed, cut short or drawn anew, to whom they were meant for and to others. The engine survives because
/// a datagram counts only under the key of the two nodes that it passes between, once for each query, and because what does not
/// count costs a bounded look.
/// </summary>
internal sealed class HostileDatagrams(Func<long, long, long> draw, Func<int, byte[]> bytes)
{
    private const int MostKept = 64;

    private readonly List<byte[]> _kept = [];
    private int _next;

    /// <summary>A datagram passed by: sent by its own engine, or received.</summary>
    public void Saw(ReadOnlyMemory<byte> datagram)
    {
        if (_kept.Count < MostKept)
        {
            _kept.Add(datagram.ToArray());
        }
        else
        {
            _kept[_next++ % MostKept] = datagram.ToArray();
        }
    }

    public void Attack(AdversaryMachine machine, int nodes)
    {
        for (var i = draw(1, 8); i > 0; i--)
        {
            var victim = SimulatedNetwork.EndpointOf((int)draw(0, nodes - 1));
            machine.Add(new NodeEffect.SendDatagram(victim, Make()));
        }
    }

    private byte[] Make()
    {
        if (_kept.Count == 0 || draw(0, 5) == 0)
        {
            return bytes((int)draw(1, 1_400));
        }

        var datagram = (byte[])_kept[(int)draw(0, _kept.Count - 1)].Clone();
        switch (draw(0, 3))
        {
            case 0:
                return datagram;
            case 1:
                return datagram[..(int)draw(0, datagram.Length)];
            case 2:
                return [.. datagram, .. bytes((int)draw(1, 300))];
            default:
                for (var i = draw(1, 4); i > 0 && datagram.Length > 0; i--)
                {
                    datagram[draw(0, datagram.Length - 1)] ^= (byte)draw(1, 255);
                }

                return datagram;
        }
    }
}
