using System.Diagnostics.CodeAnalysis;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>
/// Something that is so in every run, at every moment or when all is quiet. One class and one file each; the id is printed with a
/// failure, kept in failure files, and never changes.
/// </summary>
internal abstract class Invariant(InvariantChecker checker)
{
    public abstract string Id { get; }

    /// <summary>It judges all that has been since the beginning: one look at the very end sees what an earlier one would have seen.</summary>
    public virtual bool LooksBack => false;

    protected InvariantChecker Checker { get; } = checker;

    /// <summary>A node's disk holds an entry that it did not hold before. Called in the order of the batch.</summary>
    public virtual void Applied(NodeProcess process, ConversationLedger ledger, LedgerEntry entry)
    {
    }

    /// <summary>A stored record was replaced or deleted.</summary>
    public virtual void Replaced(NodeProcess process, in StoreChange change, byte[] before)
    {
    }

    /// <summary>A change, of whatever kind, became durable on a node's disk. Called in the order of the batch.</summary>
    public virtual void Stored(NodeProcess process, in StoreChange change, bool isNew)
    {
    }

    /// <summary>A node is about to be given an input, or its deadline (null): what is sealed and opened from here on is its doing.</summary>
    public virtual void Handling(NodeProcess process, NodeInput? input)
    {
    }

    /// <summary>A node hands bytes to the network, for anyone on the way to see.</summary>
    public virtual void OnTheWire(NodeProcess process, ReadOnlySpan<byte> bytes)
    {
    }

    /// <summary>A person asked their node, be it honest or not, for something.</summary>
    public virtual void Submitted(NodeProcess process, NodeCommand command)
    {
    }

    /// <summary>A node's disk was put back as it was earlier; its rows follow as <see cref="Stored"/>, in order of their keys.</summary>
    public virtual void Restored(NodeProcess process)
    {
    }

    public virtual void Booted(NodeProcess process)
    {
    }

    /// <summary>The effects of one input have been carried out.</summary>
    public virtual void Handled(NodeProcess process, int effects)
    {
    }

    /// <summary>A node, be it honest or not, answered what its person had asked for.</summary>
    public virtual void Completed(NodeProcess process, NodeCommand command, NodeResult result)
    {
    }

    public virtual void Published(NodeProcess process, ConversationId conversation, EventCursor upTo)
    {
    }

    public virtual void Announced(NodeProcess process, NodeEvent announced)
    {
    }

    /// <summary>Every few virtual seconds.</summary>
    public virtual void Looked()
    {
    }

    /// <summary>Nothing is left to be done.</summary>
    public virtual void Quiet()
    {
    }

    [DoesNotReturn]
    protected internal void Fail(string what) => throw Checker.World.Failure(SimulationResult.Safety, Id, what);
}
