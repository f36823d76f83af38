using System.Diagnostics.CodeAnalysis;
using HiNet.Crdt.Core.Engine.Storage;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>The least store that the engine can live on: point reads are fast, scans sort.</summary>
internal sealed class MemoryStore : IStoreReader
{
    private readonly Dictionary<byte[], byte[]>[] _families =
        [.. Enum.GetValues<ColumnFamily>().Select(_ => new Dictionary<byte[], byte[]>(ByteOrder.Instance))];

    public IEnumerable<byte[]> Values => _families.SelectMany(family => family.Values);

    /// <summary>What a backup takes.</summary>
    public MemoryStore Copy()
    {
        var copy = new MemoryStore();
        copy.Restore(this);
        return copy;
    }

    /// <summary>What a restore leaves: a copy, and nothing of what came after it.</summary>
    public void Restore(MemoryStore copy)
    {
        for (var i = 0; i < _families.Length; i++)
        {
            _families[i].Clear();
            foreach (var (key, value) in copy._families[i])
            {
                _families[i][key] = value;
            }
        }
    }

    public void Write(WriteBatch batch)
    {
        foreach (var change in batch.Changes)
        {
            if (change.Value is { } value)
            {
                _families[(int)change.Family][change.Key] = value;
            }
            else
            {
                _families[(int)change.Family].Remove(change.Key);
            }
        }
    }

    public bool TryGet(ColumnFamily family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value) =>
        _families[(int)family].TryGetValue(key.ToArray(), out value);

    public IStoreIterator Scan(ColumnFamily family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> until, bool reverse = false)
    {
        var (low, high) = (from.ToArray(), until.ToArray());
        var rows = _families[(int)family]
            .Where(row => ByteOrder.Instance.Compare(row.Key, low) >= 0
                && (high.Length == 0 || ByteOrder.Instance.Compare(row.Key, high) < 0))
            .Select(row => (row.Key, row.Value))
            .OrderBy(row => row.Key, ByteOrder.Instance);
        return new ListIterator(reverse ? [.. rows.Reverse()] : [.. rows]);
    }
}
