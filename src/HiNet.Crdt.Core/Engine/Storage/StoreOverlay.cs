using System.Diagnostics.CodeAnalysis;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Storage;

/// <summary>
/// The store as it will be: what is durable, under what is being written, under what will be written next. The core decides on
/// this view and acts outwards only on what is durable.
/// </summary>
internal sealed class StoreOverlay(IStoreReader durable, Cost cost) : IStoreReader
{
    private StoreLayer _current = new();
    private StoreLayer? _inFlight;
    private StoreLayer? _spare;

    /// <summary>What the world may see.</summary>
    public IStoreReader Durable => durable;

    public WriteBatch Current => _current.Batch;

    public bool HasChanges => _current.Batch.Changes.Count > 0;

    public void Put(ColumnFamily family, byte[] key, byte[] value)
    {
        if (_current.TryFind(family, key, out var index))
        {
            _current.Batch.Replace(index, value);
        }
        else
        {
            _current.Batch.Put(family, key, value);
            _current.Note(family, key);
        }
    }

    public void Delete(ColumnFamily family, byte[] key)
    {
        _current.Batch.Delete(family, key);
        _current.Note(family, key);
    }

    public void Erase(ColumnFamily family, byte[] key, byte[] replacement)
    {
        _current.Batch.Erase(family, key, replacement);
        _current.Note(family, key);
    }

    /// <summary>Closes the current batch for writing; the next one starts empty.</summary>
    public WriteBatch Seal()
    {
        _inFlight = _current;
        _current = _spare ?? new StoreLayer();
        _spare = null;
        return _inFlight.Batch;
    }

    /// <summary>The sealed batch is durable.</summary>
    public void Settle()
    {
        _spare = _inFlight;
        _spare?.Clear();
        _inFlight = null;
    }

    public bool TryGet(ColumnFamily family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value)
    {
        cost.Count(CostKind.Row);
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

        Merge(family, from, until, merged);
        cost.Count(CostKind.Row, merged.Count);
        var rows = merged.Where(row => row.Value is not null).Select(row => (row.Key, row.Value!));
        return new ListIterator(reverse ? [.. rows.Reverse()] : [.. rows]);
    }

    /// <summary>The first key of a range, or null. Looks at no row behind it, where <see cref="Scan"/> copies them all.</summary>
    public byte[]? FirstKey(ColumnFamily family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> until)
    {
        var pending = new SortedDictionary<byte[], byte[]?>(ByteOrder.Instance);
        Merge(family, from, until, pending);
        var first = pending.FirstOrDefault(row => row.Value is not null).Key;
        using var iterator = durable.Scan(family, from, until);
        while (iterator.MoveNext() && (first is null || iterator.Key.SequenceCompareTo(first) < 0))
        {
            cost.Count(CostKind.Row);
            if (!pending.ContainsKey(iterator.Key.ToArray()))
            {
                return iterator.Key.ToArray();
            }
        }

        return first;
    }

    private bool TryPending(ColumnFamily family, ReadOnlySpan<byte> key, out byte[]? value)
    {
        value = null;
        var isInFlight = _inFlight is not null && !_inFlight.IsEmpty(family);
        if (_current.IsEmpty(family) && !isInFlight)
        {
            return false;
        }

        var wanted = key.ToArray();
        return _current.TryGet(family, wanted, out value) || (isInFlight && _inFlight!.TryGet(family, wanted, out value));
    }

    private void Merge(ColumnFamily family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> until, SortedDictionary<byte[], byte[]?> into)
    {
        if (_current.IsEmpty(family) && _inFlight?.IsEmpty(family) != false)
        {
            return;
        }

        var (first, end) = (from.ToArray(), until.ToArray());
        foreach (var layer in (StoreLayer?[])[_inFlight, _current])
        {
            foreach (var (key, value) in layer?.Range(family, first, end) ?? [])
            {
                into[key] = value;
            }
        }
    }
}
