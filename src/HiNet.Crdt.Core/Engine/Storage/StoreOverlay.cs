using System.Diagnostics.CodeAnalysis;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Storage;

/// <summary>
/// The store as it will be: what is durable, under what is being written, under what will be written next. The core decides on
/// this view and acts outwards only on what is durable.
/// </summary>
internal sealed class StoreOverlay(IStoreReader durable) : IStoreReader
{
    private Layer _current = new();
    private Layer? _inFlight;

    /// <summary>What the world may see.</summary>
    public IStoreReader Durable => durable;

    public WriteBatch Current => _current.Batch;

    public bool HasChanges => _current.Batch.Changes.Count > 0;

    public void Put(ColumnFamily family, byte[] key, byte[] value)
    {
        _current.Batch.Put(family, key, value);
        _current.Families[(int)family][key] = value;
    }

    public void Delete(ColumnFamily family, byte[] key)
    {
        _current.Batch.Delete(family, key);
        _current.Families[(int)family][key] = null;
    }

    public void Erase(ColumnFamily family, byte[] key, byte[] replacement)
    {
        _current.Batch.Erase(family, key, replacement);
        _current.Families[(int)family][key] = replacement;
    }

    /// <summary>Closes the current batch for writing; the next one starts empty.</summary>
    public WriteBatch Seal()
    {
        _inFlight = _current;
        _current = new Layer();
        return _inFlight.Batch;
    }

    /// <summary>The sealed batch is durable.</summary>
    public void Settle() => _inFlight = null;

    public bool TryGet(ColumnFamily family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value)
    {
        if (TryPending(family, key, out value))
        {
            return value is not null;
        }

        return durable.TryGet(family, key, out value);
    }

    public IStoreIterator Scan(ColumnFamily family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> until, bool reverse = false)
    {
        var merged = new SortedDictionary<byte[], byte[]?>(ByteOrder.Instance);
        using (var iterator = durable.Scan(family, from, until))
        {
            while (iterator.MoveNext())
            {
                merged[iterator.Key.ToArray()] = iterator.Value.ToArray();
            }
        }

        Merge(_inFlight, family, from, until, merged);
        Merge(_current, family, from, until, merged);
        var rows = merged.Where(row => row.Value is not null).Select(row => (row.Key, row.Value!));
        return new ListIterator(reverse ? [.. rows.Reverse()] : [.. rows]);
    }

    private bool TryPending(ColumnFamily family, ReadOnlySpan<byte> key, out byte[]? value)
    {
        value = null;
        var current = _current.Families[(int)family];
        var inFlight = _inFlight?.Families[(int)family];
        if (current.Count == 0 && inFlight is not { Count: > 0 })
        {
            return false;
        }

        var wanted = key.ToArray();
        return current.TryGetValue(wanted, out value) || (inFlight is not null && inFlight.TryGetValue(wanted, out value));
    }

    private static void Merge(
        Layer? layer,
        ColumnFamily family,
        ReadOnlySpan<byte> from,
        ReadOnlySpan<byte> until,
        SortedDictionary<byte[], byte[]?> into)
    {
        if (layer is null)
        {
            return;
        }

        // Enumeration order does not matter: the result is sorted.
        foreach (var (key, value) in layer.Families[(int)family])
        {
            if (from.SequenceCompareTo(key) <= 0 && (until.IsEmpty || until.SequenceCompareTo(key) > 0))
            {
                into[key] = value;
            }
        }
    }

    private sealed class Layer
    {
        public Layer()
        {
            for (var i = 0; i < Families.Length; i++)
            {
                Families[i] = new Dictionary<byte[], byte[]?>(ByteOrder.Instance);
            }
        }

        public WriteBatch Batch { get; } = new();

        public Dictionary<byte[], byte[]?>[] Families { get; } =
            new Dictionary<byte[], byte[]?>[Enum.GetValues<ColumnFamily>().Length];
    }
}
