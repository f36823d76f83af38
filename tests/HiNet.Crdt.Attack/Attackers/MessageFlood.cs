using System.Net;
using HiNet.Crdt.Attack.Hostile;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>
/// Valid messages, each signed by itself, as fast as the victim's window takes them. Bound: 1,000 a second in the direct conversation and 50 a
/// second in the group, 200 characters each.
/// </summary>
internal sealed class MessageFlood(IPEndPoint victim, Tally tally, HostileMember member) : HostileContact("message flood", victim, tally, member)
{
    private const int TextLength = 200;

    public override Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        RepeatAsync(1, 1, stop => FloodAsync(Member.Direct, 1_000, stop), cancellationToken),
        RepeatAsync(1, 1, stop => FloodAsync(Member.Group, 50, stop), cancellationToken));

    // What a lost link took with it makes no gap: the chain goes on, and the victim would miss what was not sent. So it begins anew where it was.
    private Task FloodAsync(HostileChain chain, double perSecond, CancellationToken cancellationToken) => VisitAsync(
        chain,
        async (link, channel) =>
        {
            var pace = new Pace(perSecond);
            while (true)
            {
                await pace.NextAsync(RunsAtOnce, cancellationToken);
                var before = chain.Head;
                try
                {
                    await GiveAsync(link, channel, cancellationToken, [.. Enumerable.Range(0, RunsAtOnce).Select(_ => chain.Sign(chain.Say(Text())))]);
                }
                catch (LinkLostException)
                {
                    chain.Head = before;
                    throw;
                }
            }
        },
        cancellationToken);

    private static string Text() => Convert.ToHexStringLower(Bytes(TextLength / 2));
}
