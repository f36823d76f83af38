using System.Net;
using HiNet.Crdt.Attack.Hostile;
using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>Forks its own chains, two branches at a time, and goes on from one of them. Bound: 2 visits a second.</summary>
internal sealed class Equivocator(IPEndPoint victim, Tally tally, HostileMember member) : HostileContact("equivocator", victim, tally, member)
{
    public override Task RunAsync(CancellationToken cancellationToken) => RepeatAsync(2, 1, ForkAsync, cancellationToken);

    private Task ForkAsync(CancellationToken cancellationToken) => VisitAsync(
        AnyChain(),
        async (link, channel) =>
        {
            var chain = channel.Chain;
            var start = chain.Head;
            await GiveAsync(link, channel, cancellationToken, Branch(chain, "left"));
            chain.Head = start;
            await GiveAsync(link, channel, cancellationToken, Branch(chain, "right"));
            Count("forks");
            await link.StayAsync(TimeSpan.FromSeconds(0.2), cancellationToken);
        },
        cancellationToken);

    private static SignedRun Branch(HostileChain chain, string name)
    {
        List<Entry> entries = [];
        for (var i = 0; i < 3 && (entries.Count == 0 || !SegmentRule.MustSign(entries[^1].Header.Seq)); i++)
        {
            entries.Add(chain.Say($"{name} {i}"));
        }

        return chain.Sign([.. entries]);
    }
}
