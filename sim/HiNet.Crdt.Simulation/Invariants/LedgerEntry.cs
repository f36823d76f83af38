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
