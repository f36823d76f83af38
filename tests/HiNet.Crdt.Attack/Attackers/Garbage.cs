using System.Net;
using HiNet.Crdt.Attack.Hostile;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>
/// Random bytes: in place of the handshake, as one of its messages, behind it, within the encrypted stream, in channels' openings. Bound: 20
/// connections a second, 40 at once, 4 KiB in each.
/// </summary>
internal sealed class Garbage(IPEndPoint victim, Tally tally) : Attacker("garbage", victim, tally)
{
    private const int Longest = 4_000;
    private const int ThirdMessage = 64;

    public override Task RunAsync(CancellationToken cancellationToken) => RepeatAsync(20, 40, VisitAsync, cancellationToken);

    private Task VisitAsync(CancellationToken cancellationToken) => Draw(0, 4) switch
    {
        0 => SendRawAsync(Some(), cancellationToken),
        1 => SendRawAsync([.. FrameLength(32), .. Bytes(32), .. FrameLength(ThirdMessage), .. Bytes(ThirdMessage)], cancellationToken),
        2 => BehindHandshakeAsync(cancellationToken),
        3 => WithinStreamAsync(cancellationToken),
        _ => InOpeningsAsync(cancellationToken),
    };

    private async Task SendRawAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        using var socket = await DialAsync(cancellationToken);
        await socket.SendAsync(bytes, cancellationToken);
        await StayAsync(socket, TimeSpan.FromSeconds(5), cancellationToken);
    }

    private async Task BehindHandshakeAsync(CancellationToken cancellationToken)
    {
        await using var link = await LinkAsync(cancellationToken);
        link.SendRaw(Some());
        await link.StayAsync(TimeSpan.FromSeconds(5), cancellationToken);
    }

    private async Task WithinStreamAsync(CancellationToken cancellationToken)
    {
        using var socket = await DialAsync(cancellationToken);
        var plaintext = Some();

        // Control messages and batches begin with zeroes; random bytes alone would hardly ever reach what is behind them.
        plaintext.AsSpan(0, Math.Min(plaintext.Length, Draw(0, 2))).Clear();
        await StreamGarbage.SendAsync(socket, [plaintext, Some()], cancellationToken);
        await StayAsync(socket, TimeSpan.FromSeconds(5), cancellationToken);
    }

    private async Task InOpeningsAsync(CancellationToken cancellationToken)
    {
        await using var link = await LinkAsync(cancellationToken);
        link.OpenAny("hinet/conversation/1", Bytes(32), Some());
        link.OpenAny("hinet/invite/1", Bytes(32), Some());
        link.OpenAny("nobody knows this", Bytes(Draw(1, 200)), Some());
        await link.StayAsync(TimeSpan.FromSeconds(2), cancellationToken);
    }

    private static byte[] Some() => Bytes(Draw(1, Draw(0, 1) == 0 ? 64 : Longest));
}
