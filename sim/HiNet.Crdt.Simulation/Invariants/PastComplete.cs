using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>
/// What someone writes has all in its past that their node held then, across restarts and forks: nobody seems to have spoken without
/// knowing what they saw. An entry that names as many parents as it may leaves the rest to the next.
/// </summary>
internal sealed class PastComplete(InvariantChecker checker) : Invariant(checker)
{
    private readonly SortedDictionary<(int Node, ConversationId Conversation), SortedSet<EntryId>> _heads = [];

    /// <summary>Entries that some disk held once. What a home that was put back gets again, it does not write.</summary>
    private readonly HashSet<EntryId> _known = [];

    public override string Id => "past-complete";

    public override void Applied(NodeProcess process, ConversationLedger ledger, LedgerEntry entry)
    {
        if (process.Home is not EngineHome)
        {
            // The kernel's own tests run a toy whose entries name no parents.
            return;
        }

        var applied = entry.Entry;
        if (_known.Add(applied.Id) && applied.Device == process.Home.Device && applied.Parents.Count < Checker.World.Bounds.Parents)
        {
            foreach (var head in HeadsOf(process, applied.Conversation))
            {
                if (head != applied.Previous && !applied.Parents.Contains(head))
                {
                    Fail($"node {process.Index} wrote entry {applied.Id} of {applied.Conversation} without {head} in its past, which it held");
                }
            }
        }

        Advance(process, applied);
    }

    public override void Restored(NodeProcess process)
    {
        foreach (var (key, heads) in _heads)
        {
            if (key.Node == process.Index)
            {
                heads.Clear();
            }
        }

        using var rows = process.Disk.Scan(ColumnFamily.Entries, [], []);
        while (rows.MoveNext())
        {
            if (process.Home.ReadEntry(new StoreChange(ColumnFamily.Entries, rows.Key.ToArray(), rows.Value.ToArray())) is { } entry)
            {
                _known.Add(entry.Id);
                Advance(process, entry);
            }
        }
    }

    private void Advance(NodeProcess process, AppliedEntry entry)
    {
        var heads = HeadsOf(process, entry.Conversation);
        if (entry.Previous is { } previous)
        {
            heads.Remove(previous);
        }

        for (var i = 0; i < entry.Parents.Count; i++)
        {
            heads.Remove(entry.Parents[i]);
        }

        heads.Add(entry.Id);
    }

    private SortedSet<EntryId> HeadsOf(NodeProcess process, ConversationId conversation)
    {
        if (!_heads.TryGetValue((process.Index, conversation), out var heads))
        {
            _heads.Add((process.Index, conversation), heads = []);
        }

        return heads;
    }
}
