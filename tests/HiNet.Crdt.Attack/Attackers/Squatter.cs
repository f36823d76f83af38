using System.Net;
using Google.Protobuf;
using HiNet.Crdt.Attack.Hostile;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Attack.Attackers;

/// <summary>Invites the victim to groups that are none. Bound: 20 invitations a second, in one visit.</summary>
internal sealed class Squatter(IPEndPoint victim, Tally tally, HostileMember member) : HostileContact("squatter", victim, tally, member)
{
    public override Task RunAsync(CancellationToken cancellationToken) => RepeatAsync(1, 1, InviteAsync, cancellationToken);

    private Task InviteAsync(CancellationToken cancellationToken) => VisitAsync(
        Member.Direct,
        async (link, channel) =>
        {
            var chain = channel.Chain;
            await GiveAsync(link, channel, cancellationToken, [.. Enumerable.Range(0, RunsAtOnce).Select(_ => chain.Sign(Invitation(chain)))]);
            await link.StayAsync(TimeSpan.FromSeconds(0.5), cancellationToken);
        },
        cancellationToken);

    private static Entry Invitation(HostileChain chain) => chain.Write(chain.Draft(EntryKind.GroupInvitation), new GroupInvitationBody
    {
        Group = ByteString.CopyFrom(Bytes(Bytes32.Size)),
        ControlKey = ByteString.CopyFrom(Bytes(Bytes32.Size)),
        Name = "squatted",
        Grant = ByteString.CopyFrom(Bytes(Bytes32.Size)),
    });
}
