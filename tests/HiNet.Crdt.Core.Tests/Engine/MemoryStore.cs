using System.Diagnostics.CodeAnalysis;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>The least store that the engine can live on.</summary>
internal sealed class MemoryStore : IStoreReader
{
    private readonly SortedDictionary<string, byte[]>[] _families =
        [.. Enum.GetValues<ColumnFamily>().Select(_ => new SortedDictionary<string, byte[]>(StringComparer.Ordinal))];

    public void Write(WriteBatch batch)
    {
        foreach (var change in batch.Changes)
        {
            var family = _families[(int)change.Family];
            var key = Convert.ToHexStringLower(change.Key);
            if (change.Value is { } value)
            {
                family[key] = value;
            }
            else
            {
                family.Remove(key);
            }
        }
    }

    public bool TryGet(ColumnFamily family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value) =>
        _families[(int)family].TryGetValue(Convert.ToHexStringLower(key), out value);

    public IStoreIterator Scan(ColumnFamily family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> until, bool reverse = false)
    {
        var (low, high) = (Convert.ToHexStringLower(from), Convert.ToHexStringLower(until));
        var rows = _families[(int)family]
            .Where(row => string.CompareOrdinal(row.Key, low) >= 0 && (high.Length == 0 || string.CompareOrdinal(row.Key, high) < 0))
            .Select(row => (Convert.FromHexString(row.Key), row.Value));
        return new Rows(reverse ? [.. rows.Reverse()] : [.. rows]);
    }

    private sealed class Rows(List<(byte[] Key, byte[] Value)> rows) : IStoreIterator
    {
        private int _index = -1;

        public ReadOnlySpan<byte> Key => rows[_index].Key;

        public ReadOnlySpan<byte> Value => rows[_index].Value;

        public bool MoveNext() => ++_index < rows.Count;

        public void Dispose()
        {
        }
    }
}
