using HiNet.Crdt.Simulation.Invariants;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>In which order each node's disk came to hold the entries of each conversation: what a cursor counts.</summary>
internal sealed class Arrivals
{
    private readonly SortedDictionary<(int Node, ConversationId Conversation), List<LedgerEntry>> _entries = [];

    public void Add(int node, ConversationId conversation, LedgerEntry entry)
    {
        if (!_entries.TryGetValue((node, conversation), out var list))
        {
            _entries.Add((node, conversation), list = []);
        }

        list.Add(entry);
    }

    /// <summary>The first one is at cursor 1.</summary>
    public IReadOnlyList<LedgerEntry> Of(int node, ConversationId conversation) =>
        _entries.GetValueOrDefault((node, conversation)) ?? (IReadOnlyList<LedgerEntry>)[];
}
