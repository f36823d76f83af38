using HiNet.Crdt.Simulation.Network;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation;

/// <summary>Sees what a picture of a run needs. A world without one pays a comparison with null, and nothing else.</summary>
internal interface IRunObserver
{
    /// <summary>A piece of a stream leaves, and is due at a time if nothing stops it; times are in virtual microseconds.</summary>
    void Sent(LinkEnd sender, long piece, int length, long now, long due);

    /// <summary>That piece is handed to the node at the other end.</summary>
    void Delivered(LinkEnd sender, long piece, long now);

    void Booted(NodeProcess process, long now);

    void Crashed(int node, bool losesPower, long now);

    /// <summary>An entry is on a node's disk that was not there before.</summary>
    void Applied(int node, AppliedEntry entry, long now);
}
