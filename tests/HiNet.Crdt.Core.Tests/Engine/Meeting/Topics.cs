using HiNet.Crdt.Core.Dht.Records;
using HiNet.Crdt.Core.Discovery;
using HiNet.Crdt.Core.Identity;

namespace HiNet.Crdt.Core.Tests.Engine.Meeting;

/// <summary>Secrets under which nodes of a <see cref="LoopbackWorld"/> meet, worked out apart from the engine.</summary>
internal static class Topics
{
    public static RendezvousSecret OfPair(LoopbackNode one, LoopbackNode other)
    {
        var pair = PairSecret.Derive(
            LoopbackNode.Cryptography, one.Secrets.AgreementSecret.Span, one.Identity, other.Secrets.Certificate.Agreement, other.Identity);
        return RendezvousSecret.OfPair(LoopbackNode.Cryptography, pair.ShouldNotBeNull(), RecordKind.Contact);
    }

    public static RendezvousSecret OfInvite(string invite)
    {
        Invite.TryParse(invite, out var parsed, out _).ShouldBeTrue();
        return RendezvousSecret.OfInvite(LoopbackNode.Cryptography, parsed!.Secret, RecordKind.Contact);
    }

    public static RendezvousSecret OfEpoch(ConversationId group, Bytes32 secret) =>
        RendezvousSecret.OfEpoch(LoopbackNode.Cryptography, group, secret, RecordKind.Contact);

    /// <summary>What LAN discovery is told of it.</summary>
    public static MdnsSecret Lan(this RendezvousSecret secret) => new(
        secret.Derive(LoopbackNode.Cryptography, Domains.MeetingTopic), secret.Derive(LoopbackNode.Cryptography, Domains.LanSecret));
}
