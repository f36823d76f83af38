using System.Net;
using HiNet.Crdt.Attack.Hostile;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>
/// Entries that wait for one that never comes, with long texts, in both conversations: whatever a victim keeps of such, it keeps of these. Bound:
/// 2 MiB a second, in visits of 20 entries of 60,000 characters or 200 of a few.
/// </summary>
internal sealed class OrphanFlood(IPEndPoint victim, Tally tally, HostileMember member) : HostileContact("orphan flood", victim, tally, member)
{
    private const int LongText = 60_000;
    private const double BytesPerSecond = 2 << 20;

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        var pace = new Pace(BytesPerSecond);
        await RepeatAsync(2, 1, stop => OrphanAsync(pace, stop), cancellationToken);
    }

    private Task OrphanAsync(Pace pace, CancellationToken cancellationToken) => VisitAsync(
        AnyChain(),
        async (link, channel) =>
        {
            var chain = channel.Chain;
            var honest = chain.Head;
            try
            {
                var draft = chain.Draft();
                List<SignedRun> runs =
                [
                    chain.Sign(chain.Write(
                        draft with { Parents = [new EntryId(Bytes(Bytes32.Size))], Depth = draft.Depth + 10 }, new MessageBody { Text = "an orphan" })),
                ];
                var (count, length) = Draw(0, 1) == 0 ? (20, LongText) : (200, 10);
                for (var i = 0; i < count; i++)
                {
                    runs.Add(chain.Sign(chain.Say(new string((char)('a' + (i % 26)), length))));
                }

                foreach (var some in runs.Chunk(10))
                {
                    await pace.NextAsync(some.Sum(run => run.Last.Header.BodyLength + 300), cancellationToken);
                    await GiveAsync(link, channel, cancellationToken, some);
                }

                await link.StayAsync(TimeSpan.FromSeconds(1), cancellationToken);
            }
            finally
            {
                chain.Head = honest;
            }
        },
        cancellationToken);
}
