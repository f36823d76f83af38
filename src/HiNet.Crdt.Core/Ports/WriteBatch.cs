namespace HiNet.Crdt.Core.Ports;

/// <summary>Changes that become durable together or not at all, in order; a later change to a key wins.</summary>
public sealed class WriteBatch
{
    private readonly List<StoreChange> _changes = [];

    public IReadOnlyList<StoreChange> Changes => _changes;

    /// <summary>Bytes of keys and values; what a caller bounds a batch by.</summary>
    public long Size { get; private set; }

    /// <summary>True when a value must leave the disk, not only the key space; see <see cref="Erase"/>.</summary>
    public bool Erases { get; private set; }

    public void Put(ColumnFamily family, byte[] key, byte[] value)
    {
        _changes.Add(new StoreChange(family, key, value));
        Size += key.Length + value.Length;
    }

    /// <summary>Changes what an earlier change of this batch puts under its key; an erasure stays one.</summary>
    internal void Replace(int index, byte[]? value)
    {
        var earlier = _changes[index];
        Size += (value?.Length ?? 0) - (earlier.Value?.Length ?? 0);
        _changes[index] = earlier with { Value = value };
    }

    public void Delete(ColumnFamily family, byte[] key)
    {
        _changes.Add(new StoreChange(family, key, null));
        Size += key.Length;
    }

    /// <summary>
    /// Puts <paramref name="replacement"/> and asks the store to remove the old value's bytes from the medium soon
    /// (RocksDB: flush and compact that key), because a deleted message must really be gone.
    /// </summary>
    public void Erase(ColumnFamily family, byte[] key, byte[] replacement)
    {
        _changes.Add(new StoreChange(family, key, replacement) { IsErasure = true });
        Size += key.Length + replacement.Length;
        Erases = true;
    }
}

/// <summary>One change; a null <paramref name="Value"/> deletes. The arrays are never modified after they were handed over.</summary>
public readonly record struct StoreChange(ColumnFamily Family, byte[] Key, byte[]? Value)
{
    public bool IsErasure { get; init; }
}
