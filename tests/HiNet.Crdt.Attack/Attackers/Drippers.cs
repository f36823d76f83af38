using System.Net;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>
/// Strangers who begin a frame of 8 MiB and never end it: most let it grow as slowly as a link puts up with, some send all but its last byte.
/// Bound: a link each second, 40 at once, 32 that grow by 256 bytes a second and 8 by 512 KiB a second.
/// </summary>
internal sealed class Drippers(IPEndPoint victim, Tally tally) : Attacker("drippers", victim, tally)
{
    private const int Frame = 8 << 20;
    private const int Part = 256;

    public override async Task RunAsync(CancellationToken cancellationToken) => await Task.WhenAll(
        RepeatAsync(1, 32, stop => DripAsync(256, stop), cancellationToken),
        RepeatAsync(0.5, 8, stop => DripAsync(512 << 10, stop), cancellationToken));

    private async Task DripAsync(int perSecond, CancellationToken cancellationToken)
    {
        await using var link = await LinkAsync(cancellationToken);
        link.SendRaw(FrameLength(Frame));
        var part = Bytes(Math.Max(Part, perSecond / 10));
        var pace = new Pace(perSecond);
        for (var sent = 0; sent + part.Length < Frame && !link.Ended.IsCompleted; sent += part.Length)
        {
            await pace.NextAsync(part.Length, cancellationToken);
            link.SendRaw(part);
            Count("bytes", part.Length);
        }

        await link.StayAsync(TimeSpan.FromSeconds(60), cancellationToken);
    }
}
