using System.Net;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>
/// Connections that say nothing, half a first handshake message, or a whole one and nothing after it. Bound: 50 a second, 500 at once, each
/// for 20 s.
/// </summary>
internal sealed class SilentCrowd(IPEndPoint victim, Tally tally) : Attacker("silent crowd", victim, tally)
{
    private const int FirstMessage = 32;

    public override Task RunAsync(CancellationToken cancellationToken) => RepeatAsync(50, 500, VisitAsync, cancellationToken);

    private async Task VisitAsync(CancellationToken cancellationToken)
    {
        using var socket = await DialAsync(cancellationToken);
        byte[] greeting = Draw(0, 2) switch
        {
            0 => [],
            1 => [.. FrameLength(FirstMessage), .. Bytes(FirstMessage / 2)],
            _ => [.. FrameLength(FirstMessage), .. Bytes(FirstMessage)],
        };
        await socket.SendAsync(greeting, cancellationToken);
        await StayAsync(socket, TimeSpan.FromSeconds(20), cancellationToken);
    }
}
