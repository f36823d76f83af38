using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>What links and channels tell the node, and ask of it.</summary>
internal interface ISessionHost
{
    IEnumerable<Replica> Replicas { get; }

    /// <summary>The conversation whose channel has this name on a link; null when there is none here.</summary>
    Replica? FindReplica(LinkSession session, ReadOnlySpan<byte> channelName);

    /// <summary>The invite that this node issued whose channel has this name on a link; null when there is none that is valid.</summary>
    Invite? FindInvite(LinkSession session, ReadOnlySpan<byte> channelName);

    /// <summary>Invites that this node accepted and whose issuer has not answered yet.</summary>
    IEnumerable<Invite> AcceptedInvites { get; }

    /// <summary>Whether any link is bringing this conversation's missing entries.</summary>
    bool IsPulling(Replica replica);

    /// <summary>Does something once all that was decided so far is durable.</summary>
    void WhenDurable(Action<Ports.Instant> act);

    void ClockObserved(LinkSession session, IdentityId member, long unixMilliseconds, Ports.Instant now);

    void Send(LinkId link, ReadOnlyMemory<byte> bytes);

    void LinkEstablished(LinkSession session);

    /// <summary>Opens all conversations on a link: it was dialled, or somebody has shown at its other end who they are.</summary>
    void Offer(LinkSession session);

    /// <summary>Somebody has shown for the first time on a link who they are.</summary>
    void Proved(LinkSession session, IdentityId person);

    void LinkClosed(LinkSession session, string reason, bool isMisbehaviour);

    /// <summary>Asks for a run's signature to be checked and the run to be applied; answered by <see cref="ConversationChannel.Checked"/>.</summary>
    void Submit(SignedRun run, Delivery origin);

    /// <summary>Whether an invite of this node's still has room for someone; they take a place in it unless they are a contact.</summary>
    bool Admit(Invite invite, IdentityId identity);

    /// <summary>Its issuer says that an invite which was accepted here is used up.</summary>
    void Refused(Invite invite);

    /// <summary>A card that came over an invite's channel and whose device has signed for it.</summary>
    void Met(Invite invite, DeviceCard card, IReadOnlyList<string> addresses);

    void ChannelReady(ConversationChannel channel);

    /// <summary>A channel brings nothing more: another may be asked for what is still missing.</summary>
    void PullEnded(ConversationChannel channel);

    void Misbehaved(LinkSession session, string reason, string detail);

    void Announce(NodeEvent happened);

    void Count(string instrument, long amount = 1);
}
