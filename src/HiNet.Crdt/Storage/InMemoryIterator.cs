using System.Collections.Immutable;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Storage;

/// <summary>Walks places [low, high) of one immutable set, from either end.</summary>
internal sealed class InMemoryIterator : IStoreIterator
{
    private readonly ImmutableSortedSet<InMemoryRecord> _records;
    private readonly StoreUsage _usage;
    private readonly int _step;
    private readonly int _end;
    private int _position;
    private InMemoryRecord _current;
    private bool _disposed;

    internal InMemoryIterator(
        ImmutableSortedSet<InMemoryRecord> records, ReadOnlySpan<byte> from, ReadOnlySpan<byte> until, bool reverse, StoreUsage usage)
    {
        _records = records;
        _usage = usage;
        var low = from.IsEmpty ? 0 : PlaceOf(from);
        var high = Math.Max(low, until.IsEmpty ? records.Count : PlaceOf(until));
        _step = reverse ? -1 : 1;
        _position = reverse ? high : low - 1;
        _end = reverse ? low - 1 : high;
    }

    public ReadOnlySpan<byte> Key => _current.Key;

    public ReadOnlySpan<byte> Value => _current.Value;

    public bool MoveNext()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_position == _end || (_position += _step) == _end)
        {
            _current = default;
            return false;
        }

        _current = _records[_position];
        return true;
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _current = default;
            _usage.Leave();
        }
    }

    private int PlaceOf(ReadOnlySpan<byte> key)
    {
        var place = _records.IndexOf(new InMemoryRecord(key.ToArray(), []));
        return place < 0 ? ~place : place;
    }
}
