using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>What a replica tells the node that holds it.</summary>
internal interface IReplicaHost
{
    /// <summary>It changed: it wants to be flushed with the current batch.</summary>
    void Changed(Replica replica);

    /// <summary>Members or devices changed.</summary>
    void AuthorityChanged(Replica replica);

    /// <summary>An epoch's secret has become known, or this person has no more to tell the members: where they are met is another now.</summary>
    void MeetingChanged(Replica replica);

    /// <summary>A contact invites this person to a group, by an entry of the direct conversation with them.</summary>
    void Invited(Replica direct, IdentityId by, ulong arrival, GroupInvitationBody invitation);

    /// <summary>It is in lists from now on.</summary>
    void Appeared(Replica replica);

    /// <summary>Said to subscribers once the current batch is durable.</summary>
    void Announce(NodeEvent happened);

    void Count(string instrument, long amount = 1);
}
