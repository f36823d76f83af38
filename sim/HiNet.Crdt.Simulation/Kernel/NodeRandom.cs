using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Simulation.Kernel;

/// <summary>The engine's randomness on one node in one of its lives: a restarted node counts from zero again and must not draw the same.</summary>
internal sealed class NodeRandom(KeyedRandom random, int node, int generation) : IRandomSource
{
    private readonly ulong _owner = ((ulong)generation << 32) | (uint)node;

    public ulong Draw(RandomStream stream, ulong counter) => random.Draw((int)stream, _owner, counter);
}
