using System.Net;
using HiNet.Crdt.Attack.Hostile;
using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>
/// An attacker whom the victim knows: its contact and a member of the group. It links, opens a conversation's channel, proves its device, does
/// its worst there, and comes again when that has cost it the channel or the link.
/// </summary>
internal abstract class HostileContact(string name, IPEndPoint victim, Tally tally, HostileMember member) : Attacker(name, victim, tally)
{
    /// <summary>About as much as one honest message of segments holds.</summary>
    protected const int RunsAtOnce = 20;

    protected HostileMember Member => member;

    /// <summary>Either conversation.</summary>
    protected HostileChain AnyChain() => Draw(0, 1) == 0 ? member.Direct : member.Group;

    /// <summary>One link with one channel, for as long as that takes and is allowed.</summary>
    protected async Task VisitAsync(HostileChannel channel, Func<HostileLink, Task> actAsync, CancellationToken cancellationToken)
    {
        await using var link = await LinkAsync(cancellationToken);
        await link.OpenAsync(channel, cancellationToken);
        Count("channels");
        await actAsync(link);
    }

    protected Task VisitAsync(HostileChain chain, Func<HostileLink, HostileChannel, Task> actAsync, CancellationToken cancellationToken)
    {
        var channel = new HostileChannel(member, chain);
        return VisitAsync(channel, link => actAsync(link, channel), cancellationToken);
    }

    /// <summary>Gives runs to the victim.</summary>
    protected async Task GiveAsync(HostileLink link, HostileChannel channel, CancellationToken cancellationToken, params SignedRun[] runs)
    {
        var segments = HostileChain.Segments(runs);
        await link.SendAsync(channel, HostileChannel.SegmentsType, segments, cancellationToken);
        Count("entries", runs.Sum(run => run.Entries.Count));
        Count("bytes", segments.Length);
    }
}
