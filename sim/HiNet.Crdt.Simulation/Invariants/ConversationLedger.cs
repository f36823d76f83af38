using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>Everything that was ever applied in one conversation, anywhere: the reference model beside the nodes.</summary>
internal sealed class ConversationLedger(ConversationId id)
{
    private readonly Dictionary<EntryId, LedgerEntry> _byId = [];
    private readonly List<LedgerEntry> _entries = [];
    private readonly List<long> _held = [];

    public ConversationId Id { get; } = id;

    public IReadOnlyList<LedgerEntry> Entries => _entries;

    public long Held(int node) => node < _held.Count ? _held[node] : 0;

    public LedgerEntry? Find(EntryId entry) => _byId.GetValueOrDefault(entry);

    /// <summary>Notes that a node holds an entry. <paramref name="isNew"/>: it did not hold it before.</summary>
    public LedgerEntry Note(int node, AppliedEntry entry, out bool isNew)
    {
        if (!_byId.TryGetValue(entry.Id, out var known))
        {
            known = new LedgerEntry(entry);
            _byId.Add(entry.Id, known);
            _entries.Add(known);
        }

        isNew = known.HeldBy.Add(node);
        if (isNew)
        {
            while (_held.Count <= node)
            {
                _held.Add(0);
            }

            _held[node]++;
        }

        return known;
    }

    /// <summary>A node holds nothing any more.</summary>
    public void Forget(int node)
    {
        foreach (var entry in _entries)
        {
            entry.HeldBy.Remove(node);
        }

        if (node < _held.Count)
        {
            _held[node] = 0;
        }
    }

    /// <summary>The messages that a node holds, in conversation order: by time, then id.</summary>
    public List<EntryId> MessagesOf(int node)
    {
        List<AppliedEntry> messages = [];
        foreach (var entry in _entries)
        {
            if (entry.Entry.IsMessage && entry.HeldBy.Contains(node))
            {
                messages.Add(entry.Entry);
            }
        }

        messages.Sort(static (left, right) =>
        {
            var order = left.Time.CompareTo(right.Time);
            return order != 0 ? order : left.Id.CompareTo(right.Id);
        });
        return messages.ConvertAll(static message => message.Id);
    }
}
