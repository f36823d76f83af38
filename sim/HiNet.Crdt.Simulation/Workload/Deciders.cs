using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Workload;

/// <summary>
/// People in a world where nobody joins a group by itself: each accepts every invitation after a while, and looks for those that
/// still wait whenever their node starts.
/// </summary>
internal sealed class Deciders(SimulatedWorld world) : IEventTarget
{
    private const long LongestThought = 10_000_000;

    /// <summary>Decisions in the order in which they were begun.</summary>
    private readonly List<(NodeProcess Process, ConversationId Group)> _begun = [];

    /// <summary>Those that have not come to an end.</summary>
    private readonly SortedSet<(int Node, ConversationId Group)> _open = [];

    public int TraceId => -5;

    public void Booted(NodeProcess process)
    {
        foreach (var invitation in process.Home.Reader.Invitations())
        {
            Begin(process, invitation.Group);
        }
    }

    public void Announced(NodeProcess process, NodeEvent announced)
    {
        if (announced is GroupInvited invited)
        {
            Begin(process, invited.Group);
        }
    }

    public void Fire(in ScheduledEvent scheduled)
    {
        var (process, group) = _begun[(int)scheduled.Argument];
        process.Submit(new NodeCommand.AcceptInvitation(group), _ => _open.Remove((process.Index, group)));
    }

    // A node that died over it asks when it starts again.
    private void Begin(NodeProcess process, ConversationId group)
    {
        if (_open.Add((process.Index, group)))
        {
            _begun.Add((process, group));
            world.Scheduler.After(
                world.Random.Between(DrawStream.Invitations, (ulong)process.Index, (ulong)_begun.Count, 0, LongestThought), this, 0, argument: _begun.Count - 1);
        }
    }
}
