using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Tests.Support;

/// <summary>A world of toys in which everyone is a member of the one conversation.</summary>
internal static class ToyWorld
{
    public static SimulatedWorld Create(ulong seed, int nodes, WorldOptions? options = null, ToyBug bug = ToyBug.None)
    {
        var world = new SimulatedWorld(seed, options, new ToyProgram(bug));
        for (var i = 0; i < nodes; i++)
        {
            world.AddNode();
        }

        world.Invariants.Membership.Everyone(ToyHome.Conversation, world.Nodes.Select(node => node.Self.Id));
        return world;
    }

    public static SimulatedConversation Chat(this SimulatedNode node) => node.Conversation(ToyHome.Conversation);
}
