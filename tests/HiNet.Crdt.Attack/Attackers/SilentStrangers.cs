using System.Net;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>Strangers who shake hands and then say nothing. Bound: 10 links a second, 200 at once, each for 20 s.</summary>
internal sealed class SilentStrangers(IPEndPoint victim, Tally tally) : Attacker("silent strangers", victim, tally)
{
    public override Task RunAsync(CancellationToken cancellationToken) => RepeatAsync(10, 200, VisitAsync, cancellationToken);

    private async Task VisitAsync(CancellationToken cancellationToken)
    {
        await using var link = await LinkAsync(cancellationToken);
        await link.StayAsync(TimeSpan.FromSeconds(20), cancellationToken);
    }
}
