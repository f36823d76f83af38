using System.Net;
using Google.Protobuf;
using HiNet.Crdt.Attack.Hostile;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>
/// Says that it has entries and never delivers them, the victim's own among them; pulls everything, again and again, and gives nothing back of
/// the window. Bound: a link each 2 s, 8 at once, on each 2 frontiers and a pull a second for 30 s.
/// </summary>
internal sealed class Withholder(IPEndPoint victim, Tally tally, HostileMember member) : HostileContact("withholder", victim, tally, member)
{
    private const int Heads = 64;

    public override Task RunAsync(CancellationToken cancellationToken) => RepeatAsync(0.5, 8, PromiseAsync, cancellationToken);

    private Task PromiseAsync(CancellationToken cancellationToken) => VisitAsync(
        AnyChain(),
        async (link, channel) =>
        {
            var pace = new Pace(1);
            for (var i = 0; i < 30; i++)
            {
                await pace.NextAsync(1, cancellationToken);
                await link.SendAsync(channel, HostileChannel.FrontierType, Promised(), cancellationToken);
                await link.SendAsync(channel, HostileChannel.PullType, new Pull().ToByteArray(), cancellationToken);
                await link.SendAsync(channel, HostileChannel.SummaryType, Bytes(20), cancellationToken);
                await link.SendAsync(channel, HostileChannel.FrontierType, Promised(), cancellationToken);
                Count("promises", 2);
            }
        },
        cancellationToken);

    private byte[] Promised() => Frontier.From(
    [
        new FrontierHead(Member.Secrets.Device, (ulong)Draw(1, 1_000_000), new EntryId(Bytes(Bytes32.Size))),
        .. Enumerable.Range(0, Heads).Select(_ =>
            new FrontierHead(new DeviceId(Bytes(Bytes32.Size)), (ulong)Draw(0, 1_000), new EntryId(Bytes(Bytes32.Size)))),
    ]).Encode();
}
