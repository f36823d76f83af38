using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>A conversation as it lies in a node's store, for parts of the engine that only read it.</summary>
internal sealed class StoredReplica : IReplicaHost
{
    public StoredReplica(LoopbackNode node, ConversationId conversation, EngineBounds? bounds = null)
    {
        Services = ServicesOf(node, bounds);
        Replica = Replica.Load(node.Reader.Describe(conversation)!, Services, this, new Instant(1));
    }

    public NodeServices Services { get; }

    public Replica Replica { get; }

    public static NodeServices ServicesOf(LoopbackNode node, EngineBounds? bounds = null) => new(
        new NodeCoreOptions { Bounds = bounds ?? EngineBounds.Default }, node.Secrets, node.Store, LoopbackNode.Cryptography, new NoRandom(), new Marks());

    void IReplicaHost.Changed(Replica replica)
    {
    }

    void IReplicaHost.AuthorityChanged(Replica replica)
    {
    }

    void IReplicaHost.MeetingChanged(Replica replica)
    {
    }

    void IReplicaHost.Invited(Replica direct, IdentityId by, ulong arrival, GroupInvitationBody invitation)
    {
    }

    void IReplicaHost.Appeared(Replica replica)
    {
    }

    void IReplicaHost.Announce(NodeEvent happened)
    {
    }

    void IReplicaHost.Count(string instrument, long amount)
    {
    }

    private sealed class NoRandom : IRandomSource
    {
        public ulong Draw(RandomStream stream, ulong counter) => 0;
    }
}
