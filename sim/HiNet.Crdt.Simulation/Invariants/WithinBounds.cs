using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>What a node asks for stays within bounds: effects of one input, links, checks and batches under way, entries that wait in memory.</summary>
internal sealed class WithinBounds(InvariantChecker checker) : Invariant(checker)
{
    private const int MaximumEffects = 100_000;
    private const int MaximumVerifying = 65_536;
    private const int LinksPerNode = 8;

    /// <summary>What the engine takes, and a few that it has refused and that are not gone yet.</summary>
    private const int LinksUnderAttack = 640;

    public override string Id => "within-bounds";

    public override void Handled(NodeProcess process, int effects)
    {
        if (effects > MaximumEffects)
        {
            Fail($"node {process.Index} answered one input with {effects} effects");
        }

        if (process.Verifying > MaximumVerifying)
        {
            Fail($"node {process.Index} has {process.Verifying} checks under way");
        }

        if (process.Writing > 1)
        {
            Fail($"node {process.Index} has {process.Writing} batches under way instead of one");
        }

        if (process.Ends.Count > (Checker.HasAdversaries ? LinksUnderAttack : LinksPerNode * (Checker.Processes.Count + 8)))
        {
            Fail($"node {process.Index} has {process.Ends.Count} links among {Checker.Processes.Count} nodes");
        }
    }

    /// <summary>What waits in memory for predecessors, or for its time.</summary>
    public override void Looked()
    {
        foreach (var process in Checker.Processes)
        {
            if (process is not { IsUp: true, Home: EngineHome { Core: ISessionHost core } home })
            {
                continue;
            }

            if (home.InvitationsBy().FirstOrDefault(pair => pair.Value > Limits.InvitationsOfOnePerson) is { Value: > 0 } waiting)
            {
                Fail($"node {process.Index} keeps {waiting.Value} invitations of {waiting.Key}");
            }

            if (core.Replicas.Where(replica => replica.EntryCount == 0).CountBy(replica => replica.Description.InvitedBy)
                .FirstOrDefault(pair => pair.Key != default && pair.Value > Limits.EmptyGroupsOfOnePerson) is { Value: > 0 } empty
                && Checker.World.Options.AcceptInvitations)
            {
                Fail($"node {process.Index} holds {empty.Value} groups of {empty.Key} of which nothing has come");
            }

            if (home.Core.MostLinksOfOnePerson is > Limits.LinksOfOnePerson and var links)
            {
                Fail($"node {process.Index} keeps {links} links with one person");
            }

            foreach (var replica in core.Replicas)
            {
                if (replica.BufferedCount > Checker.World.CausalBufferEntries || replica.ParkedCount > Checker.World.Bounds.ParkedEntries)
                {
                    Fail($"node {process.Index} keeps {replica.BufferedCount} entries of {replica.Id} that wait for others and {replica.ParkedCount} that wait for their time");
                }
            }
        }
    }

    /// <summary>Nobody in these worlds brings a node to write what others would refuse; where one does, it has to be seen.</summary>
    public override void Quiet()
    {
        if (Checker.World.Marks.Hits.ContainsKey("append.refused"))
        {
            Fail("a node was about to write an entry that others refuse");
        }
    }

    public void Overflowed(int node, long pending) => Fail($"node {node} has {pending} bytes waiting for one link");
}
