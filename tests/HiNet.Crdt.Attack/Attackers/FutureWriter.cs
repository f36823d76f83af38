using System.Net;
using HiNet.Crdt.Attack.Hostile;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>
/// Entries from the future, with long texts, in both conversations, and lies about the time with each visit. Bound: 2 MiB a second, in visits of
/// 20 entries.
/// </summary>
internal sealed class FutureWriter(IPEndPoint victim, Tally tally, HostileMember member) : HostileContact("future writer", victim, tally, member)
{
    private const int LongText = 60_000;
    private const double BytesPerSecond = 2 << 20;
    private static readonly long[] s_ahead = [400_000, 3_600_000, 86_400_000, 1L << 44];

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        var pace = new Pace(BytesPerSecond);
        await RepeatAsync(2, 1, stop => LieAsync(pace, stop), cancellationToken);
    }

    private Task LieAsync(Pace pace, CancellationToken cancellationToken)
    {
        var channel = new HostileChannel(Member, AnyChain()) { ClockLie = TimeSpan.FromHours(Draw(-24, 24)) };
        return VisitAsync(
            channel,
            async link =>
            {
                var (chain, honest) = (channel.Chain, channel.Chain.Head);
                try
                {
                    for (var i = 0; i < RunsAtOnce; i++)
                    {
                        await pace.NextAsync(LongText, cancellationToken);
                        chain.Head = honest;
                        await GiveAsync(link, channel, cancellationToken, FromTheFuture(chain));
                    }
                }
                finally
                {
                    chain.Head = honest;
                }
            },
            cancellationToken);
    }

    // Each in the same place of the chain: a fork, too, once its time has come.
    private static SignedRun FromTheFuture(HostileChain chain)
    {
        var time = HybridTimestamp.FromMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + s_ahead[Draw(0, s_ahead.Length - 1)] + Draw(0, 10_000));
        return chain.Sign(chain.Write(chain.Draft() with { Hlc = time }, new MessageBody { Text = new string('f', LongText) }));
    }
}
