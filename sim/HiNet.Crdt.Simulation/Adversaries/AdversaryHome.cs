using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>The home of a node that runs the real engine and something hostile beside it, with the same keys and the same disk.</summary>
internal sealed class AdversaryHome(EngineHome inner, Attacker attacker) : INodeHome
{
    public Person Self => inner.Self;

    public DeviceId Device => inner.Device;

    public NodeId Node => inner.Node;

    public INodeReader Reader => inner.Reader;

    public ConversationId? DirectWith(IdentityId other) => inner.DirectWith(other);

    public IStateMachine<NodeInput, NodeEffect> Start(IRandomSource random, Marks marks, Instant now) =>
        new AdversaryMachine(inner.Start(random, marks, now), attacker, now);

    public void Reread() => inner.Reread();

    public AppliedEntry? ReadEntry(in StoreChange change) => inner.ReadEntry(change);
}
