using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>Among honest nodes, no node calls another one faulty, whatever the network does.</summary>
internal sealed class HonestPeersTrusted(InvariantChecker checker) : Invariant(checker)
{
    public override string Id => "honest-peers-trusted";

    public override void Announced(NodeProcess process, NodeEvent announced)
    {
        if (announced is PeerMisbehaved misbehaved && IsAboutHonest(misbehaved.Node))
        {
            Fail($"node {process.Index} says that a peer misbehaved: {misbehaved.Reason} ({misbehaved.Detail})");
        }
    }

    // Before its handshake is done a node has no name; and adversaries show a new one on each of their links.
    private bool IsAboutHonest(NodeId? node) =>
        !Checker.HasAdversaries || (node is { } named && Checker.Processes.Any(process => process.Home.Node == named));
}
