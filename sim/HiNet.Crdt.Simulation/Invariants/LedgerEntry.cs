using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>An entry that some node has applied, and where it is durable.</summary>
internal sealed class LedgerEntry(AppliedEntry entry) : IComparable<LedgerEntry>
{
    public AppliedEntry Entry { get; } = entry;

    /// <summary>What it names as seen before it: the last entry of its device first.</summary>
    public IReadOnlyList<EntryId> Predecessors { get; } = entry.Previous is { } previous ? [previous, .. entry.Parents] : entry.Parents;

    /// <summary>Its time in milliseconds, without the counter.</summary>
    public long Milliseconds => (long)(Entry.Time >> 16);

    public NodeSet HeldBy { get; } = new();

    /// <summary>Those of <see cref="HeldBy"/> to whom its body never came.</summary>
    public NodeSet WithoutBody { get; } = new();

    /// <summary>Those of <see cref="HeldBy"/> who have erased its body.</summary>
    public NodeSet ErasedBy { get; } = new();

    /// <summary>A node's disk has this of its body.</summary>
    public void Note(int node, BodyState body)
    {
        WithoutBody.Remove(node);
        ErasedBy.Remove(node);
        if (body != BodyState.Held)
        {
            (body == BodyState.Absent ? WithoutBody : ErasedBy).Add(node);
        }
    }

    /// <summary>A node holds it no more.</summary>
    public void Forget(int node)
    {
        HeldBy.Remove(node);
        Note(node, BodyState.Held);
    }

    /// <summary>Whether a node lacks what it says, and nobody has erased that: it is owed, or lost.</summary>
    public bool IsUnsaidTo(int node) => WithoutBody.Contains(node) && ErasedBy.IsEmpty;

    /// <summary>Whether a node can say to others what it says.</summary>
    public bool CanBeSaidBy(int node) => HeldBy.Contains(node) && !WithoutBody.Contains(node) && !ErasedBy.Contains(node);

    /// <summary>Conversation order: by time, then by id.</summary>
    public int CompareTo(LedgerEntry? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = Entry.Time.CompareTo(other.Entry.Time);
        return order != 0 ? order : Entry.Id.CompareTo(other.Entry.Id);
    }
}
