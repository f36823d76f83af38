namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>Of heads that have a row each in the store: which rows the next batch puts, and which it deletes.</summary>
internal sealed class HeadChanges
{
    private readonly SortedSet<EntryId> _came = [];
    private readonly SortedSet<EntryId> _went = [];

    /// <summary>Heads that have no row yet.</summary>
    public IReadOnlyCollection<EntryId> Came => _came;

    /// <summary>Rows of what is no head any more.</summary>
    public IReadOnlyCollection<EntryId> Went => _went;

    public void Add(EntryId head) => _came.Add(head);

    /// <summary>It is no head any more. One that came and went between two batches leaves nothing to write.</summary>
    public void Remove(EntryId head)
    {
        if (!_came.Remove(head))
        {
            _went.Add(head);
        }
    }

    /// <summary>All of this is in the batch.</summary>
    public void Clear()
    {
        _came.Clear();
        _went.Clear();
    }
}
