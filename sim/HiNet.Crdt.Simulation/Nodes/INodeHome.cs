using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>One node's home: what survives its restarts.</summary>
internal interface INodeHome
{
    Person Self { get; }

    DeviceId Device { get; }

    NodeId Node { get; }

    /// <summary>Reads durable state; works on a node that is down, too.</summary>
    INodeReader Reader { get; }

    /// <summary>The id of the direct conversation with someone, where there is such a thing.</summary>
    ConversationId? DirectWith(IdentityId other);

    /// <summary>The disk is another one than before: whatever was remembered of it is forgotten.</summary>
    void Reread()
    {
    }

    /// <summary>A machine that knows what the disk knows, and nothing else.</summary>
    IStateMachine<NodeInput, NodeEffect> Start(IRandomSource random, Marks marks, Instant now);

    /// <summary>The entry that a stored record holds, or null when it holds none.</summary>
    AppliedEntry? ReadEntry(in StoreChange change);
}
