using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Storage;

/// <summary>One batch and where in it each key was changed last. Used again for a later batch, because there is one for every write.</summary>
internal sealed class StoreLayer
{
    private static readonly int s_families = Enum.GetValues<ColumnFamily>().Length;

    private readonly Dictionary<byte[], int>?[] _families = new Dictionary<byte[], int>?[s_families];

    public WriteBatch Batch { get; private set; } = new();

    /// <summary>Starts an empty batch; the one before belongs to whoever writes it.</summary>
    public void Clear()
    {
        Batch = new WriteBatch();
        foreach (var family in _families)
        {
            family?.Clear();
        }
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
    public void Note(ColumnFamily family, byte[] key) =>
        (_families[(int)family] ??= new Dictionary<byte[], int>(ByteOrder.Instance))[key] = Batch.Changes.Count - 1;

    /// <summary>The keys of a family with what the batch leaves under them, in no order.</summary>
    public IEnumerable<(byte[] Key, byte[]? Value)> Of(ColumnFamily family)
    {
        if (_families[(int)family] is { } changes)
        {
            foreach (var (key, index) in changes)
            {
                yield return (key, Batch.Changes[index].Value);
            }
        }
    }
}
