using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Driver;

/// <summary>Holds the effects of one input until the machine has returned, so that a machine that throws half-way has no effects.</summary>
internal sealed class EffectBuffer : IEffectSink<NodeEffect>
{
    internal List<NodeEffect> Effects { get; } = [];

    public void Add(NodeEffect effect) => Effects.Add(effect);
}
