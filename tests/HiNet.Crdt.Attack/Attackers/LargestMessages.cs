using System.Net;
using HiNet.Crdt.Attack.Hostile;
using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>
/// Messages of every type that are as long as a link allows, and short ones of random bytes. Bound: one of 8 MiB a second, 2 at once, and 5 short
/// ones a second.
/// </summary>
internal sealed class LargestMessages(IPEndPoint victim, Tally tally, HostileMember member) : HostileContact("largest messages", victim, tally, member)
{
    private const int LastType = 12;
    private static readonly byte[] s_zeroes = new byte[LinkOptions.MaxPayload - 64];

    public override Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        RepeatAsync(1, 2, stop => SendAsync(s_zeroes, stop), cancellationToken),
        RepeatAsync(5, 2, stop => SendAsync(Bytes(Draw(1, 2_000)), stop), cancellationToken));

    private Task SendAsync(byte[] payload, CancellationToken cancellationToken) => VisitAsync(
        AnyChain(),
        async (link, channel) =>
        {
            await link.SendAsync(channel, Draw(1, LastType), payload, cancellationToken);
            Count("bytes", payload.Length);
            await link.StayAsync(TimeSpan.FromSeconds(0.5), cancellationToken);
        },
        cancellationToken);
}
