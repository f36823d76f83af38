using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>Among honest nodes, no node calls another one faulty or of another state, whatever the network does.</summary>
internal sealed class HonestPeersTrusted(InvariantChecker checker) : Invariant(checker)
{
    public override string Id => "honest-peers-trusted";

    public override void Announced(NodeProcess process, NodeEvent announced)
    {
        if (announced is PeerMisbehaved misbehaved && IsAboutHonest(misbehaved.Node))
        {
            Fail($"node {process.Index} says that a peer misbehaved: {misbehaved.Reason} ({misbehaved.Detail})");
        }

        if (announced is DivergenceDetected diverged && IsAboutHonest(diverged.Node))
        {
            Fail($"node {process.Index} says that a peer with the same entries shows another state of {diverged.Conversation}");
        }
    }

    // Before its handshake is done a node has no name; and adversaries show a new one on each of their links.
    private bool IsAboutHonest(NodeId? node) =>
        !Checker.HasAdversaries || (node is { } named && Checker.Processes.Any(process => process.Home.Node == named));
}
