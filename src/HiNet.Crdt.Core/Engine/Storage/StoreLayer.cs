using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Storage;

/// <summary>One batch and where in it each key was changed last. Used again for a later batch, because there is one for every write.</summary>
internal sealed class StoreLayer
{
    private static readonly int s_families = Enum.GetValues<ColumnFamily>().Length;

    private readonly Dictionary<byte[], int>?[] _families = new Dictionary<byte[], int>?[s_families];

    /// <summary>The same keys in order, of each family of which a range was asked for since the batch began: others need none.</summary>
    private readonly SortedSet<byte[]>?[] _sorted = new SortedSet<byte[]>?[s_families];

    public WriteBatch Batch { get; private set; } = new();

    /// <summary>Starts an empty batch; the one before belongs to whoever writes it.</summary>
    public void Clear()
    {
        Batch = new WriteBatch();
        foreach (var family in _families)
        {
            family?.Clear();
        }

        Array.Clear(_sorted);
    }

    public bool IsEmpty(ColumnFamily family) => _families[(int)family] is not { Count: > 0 };

    public bool TryFind(ColumnFamily family, byte[] key, out int index)
    {
        index = -1;
        return _families[(int)family] is { } changes && changes.TryGetValue(key, out index);
    }

    /// <summary>False when this batch does not touch the key; a null value means that it deletes it.</summary>
    public bool TryGet(ColumnFamily family, byte[] key, out byte[]? value)
    {
        var isFound = TryFind(family, key, out var index);
        value = isFound ? Batch.Changes[index].Value : null;
        return isFound;
    }

    /// <summary>The batch's newest change is to this key.</summary>
    public void Note(ColumnFamily family, byte[] key)
    {
        (_families[(int)family] ??= new Dictionary<byte[], int>(ByteOrder.Instance))[key] = Batch.Changes.Count - 1;
        _sorted[(int)family]?.Add(key);
    }

    /// <summary>
    /// The keys of a range with what the batch leaves under them, in order. However many there are beside it, they are put in order once: a batch
    /// may be asked for a range at each of its own changes.
    /// </summary>
    /// <param name="family">Of this one.</param>
    /// <param name="from">The first key.</param>
    /// <param name="until">The one behind the last; empty for none.</param>
    public IEnumerable<(byte[] Key, byte[]? Value)> Range(ColumnFamily family, byte[] from, byte[] until)
    {
        if (_families[(int)family] is not { Count: > 0 } changes)
        {
            yield break;
        }

        var sorted = _sorted[(int)family] ??= new SortedSet<byte[]>(changes.Keys, ByteOrder.Instance);
        var last = sorted.Max!;
        if (ByteOrder.Instance.Compare(from, last) > 0)
        {
            yield break;
        }

        foreach (var key in sorted.GetViewBetween(from, last))
        {
            if (until.Length > 0 && ByteOrder.Instance.Compare(key, until) >= 0)
            {
                yield break;
            }

            yield return (key, Batch.Changes[changes[key]].Value);
        }
    }
}
