using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>Everything that was ever applied in one conversation, anywhere: the reference model beside the nodes.</summary>
internal sealed class ConversationLedger(ConversationId id)
{
    private readonly Dictionary<EntryId, LedgerEntry> _byId = [];
    private readonly List<LedgerEntry> _entries = [];
    private readonly List<long> _held = [];
    private readonly List<LedgerEntry> _unsaid = [];

    public ConversationId Id { get; } = id;

    public IReadOnlyList<LedgerEntry> Entries => _entries;

    /// <summary>Entries whose bodies some node lacks, or has lacked.</summary>
    public IReadOnlyList<LedgerEntry> Unsaid => _unsaid;

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
        NoteBody(node, known, entry.Body);
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

    /// <summary>A node's disk has something else of an entry's body than before.</summary>
    public void NoteBody(int node, AppliedEntry entry)
    {
        if (Find(entry.Id) is { } known)
        {
            NoteBody(node, known, entry.Body);
        }
    }

    /// <summary>A node holds nothing any more.</summary>
    public void Forget(int node)
    {
        foreach (var entry in _entries)
        {
            entry.Forget(node);
        }

        if (node < _held.Count)
        {
            _held[node] = 0;
        }
    }

    /// <summary>The messages that a node holds, in conversation order.</summary>
    public List<EntryId> MessagesOf(int node)
    {
        var messages = _entries.FindAll(entry => entry.Entry.IsMessage && entry.HeldBy.Contains(node));
        messages.Sort();
        return messages.ConvertAll(static message => message.Entry.Id);
    }

    /// <summary>
    /// What an entry builds on, directly or not, without itself, as far as it is not older than <paramref name="since"/>. Times rise
    /// along every path, so what is older need not be followed.
    /// </summary>
    public IEnumerable<EntryId> PastOf(LedgerEntry of, ulong since = 0)
    {
        HashSet<EntryId> seen = [];
        var open = new Stack<LedgerEntry>([of]);
        while (open.TryPop(out var entry))
        {
            foreach (var id in entry.Predecessors)
            {
                if (Find(id) is { } predecessor && predecessor.Entry.Time >= since && seen.Add(id))
                {
                    open.Push(predecessor);
                    yield return id;
                }
            }
        }
    }

    private void NoteBody(int node, LedgerEntry entry, BodyState body)
    {
        if (body == BodyState.Absent && !_unsaid.Contains(entry))
        {
            _unsaid.Add(entry);
        }

        entry.Note(node, body);
    }

    /// <summary>What builds on an entry, directly or not, without itself.</summary>
    public HashSet<EntryId> FutureOf(EntryId of)
    {
        // Entries stand in an order in which nothing comes before what it names.
        HashSet<EntryId> future = [];
        foreach (var entry in _entries)
        {
            if (entry.Predecessors.Any(id => id == of || future.Contains(id)))
            {
                future.Add(entry.Entry.Id);
            }
        }

        return future;
    }
}
