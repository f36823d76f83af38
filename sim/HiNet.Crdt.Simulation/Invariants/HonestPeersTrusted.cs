using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>Among honest nodes, no node calls another one faulty, whatever the network does.</summary>
internal sealed class HonestPeersTrusted(InvariantChecker checker) : Invariant(checker)
{
    public override string Id => "honest-peers-trusted";

    public override void Announced(NodeProcess process, NodeEvent announced)
    {
        if (announced is PeerMisbehaved misbehaved)
        {
            Fail($"node {process.Index} says that a peer misbehaved: {misbehaved.Reason} ({misbehaved.Detail})");
        }
    }
}
