using System.Net;
using System.Net.Sockets;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>Random datagrams to the victim's UDP port, half of them with the right first byte. Bound: 200 a second, 1,200 bytes each.</summary>
internal sealed class GarbageDatagrams(IPEndPoint victim, Tally tally) : Attacker("datagrams", victim, tally)
{
    private const byte Version = 1;

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await RepeatAsync(200, 1, SendAsync, cancellationToken);

        async Task SendAsync(CancellationToken stop)
        {
            var bytes = Bytes(Draw(1, 1_200));
            bytes[0] = Draw(0, 1) == 0 ? Version : bytes[0];
            await socket.SendToAsync(bytes, Victim, stop);
        }
    }
}
