using System.Net;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>Strangers who open 1,500 channels of random names, half of them of the protocol of conversations. Bound: a link each second, 10 at once.</summary>
internal sealed class ChannelOpeners(IPEndPoint victim, Tally tally) : Attacker("channel openers", victim, tally)
{
    private const int Channels = 1_500;

    public override Task RunAsync(CancellationToken cancellationToken) => RepeatAsync(1, 10, VisitAsync, cancellationToken);

    private async Task VisitAsync(CancellationToken cancellationToken)
    {
        await using var link = await LinkAsync(cancellationToken);
        for (var i = 0; i < Channels; i++)
        {
            link.OpenAny(i % 2 == 0 ? "hinet/conversation/1" : Convert.ToHexString(Bytes(16)), Bytes(32), Bytes(Draw(0, 64)));
        }

        Count("channels", Channels);
        await link.StayAsync(TimeSpan.FromSeconds(8), cancellationToken);
    }
}
