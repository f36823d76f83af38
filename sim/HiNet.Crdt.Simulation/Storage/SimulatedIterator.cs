using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Simulation.Storage;

/// <summary>
/// A walk over a range in place. Before a batch changes the records, the disk tells open walks to take what is left of their
/// range with them: the contract is a snapshot, and almost no walk is open across a write.
/// </summary>
internal sealed class SimulatedIterator : IStoreIterator
{
    private readonly SimulatedDisk _disk;
    private readonly SortedRecords _records;
    private readonly bool _reverse;
    private readonly SortedRecords.Place _first;
    private readonly SortedRecords.Place _end;
    private SortedRecords.Place _next;
    private List<(byte[] Key, byte[] Value)>? _detached;
    private int _detachedNext;
    private byte[] _key = [];
    private byte[] _value = [];

    internal SimulatedIterator(SimulatedDisk disk, SortedRecords records, ReadOnlySpan<byte> from, ReadOnlySpan<byte> until, bool reverse)
    {
        _disk = disk;
        _records = records;
        _reverse = reverse;
        _first = from.IsEmpty ? records.Start : records.Seek(from);
        _end = until.IsEmpty ? records.End : records.Seek(until);
        if (!until.IsEmpty && from.SequenceCompareTo(until) >= 0)
        {
            _end = _first;
        }

        _next = reverse ? _end : _first;
    }

    public ReadOnlySpan<byte> Key => _key;

    public ReadOnlySpan<byte> Value => _value;

    public bool MoveNext()
    {
        if (_detached is not null)
        {
            if (_detachedNext == _detached.Count)
            {
                return false;
            }

            (_key, _value) = _detached[_detachedNext++];
            return true;
        }

        return TryAdvance(out _key, out _value);
    }

    public void Dispose() => _disk.Close(this);

    /// <summary>Takes the rest of the range, because the records are about to change.</summary>
    internal void Detach()
    {
        if (_detached is not null)
        {
            return;
        }

        List<(byte[] Key, byte[] Value)> rest = [];
        while (TryAdvance(out var key, out var value))
        {
            rest.Add((key, value));
        }

        _detached = rest;
    }

    private bool TryAdvance(out byte[] key, out byte[] value)
    {
        if (_next == (_reverse ? _first : _end))
        {
            key = value = [];
            return false;
        }

        if (_reverse)
        {
            _next = _records.Previous(_next);
        }

        key = _records.Key(_next);
        value = _records.Value(_next);
        if (!_reverse)
        {
            _next = _records.Next(_next);
        }

        return true;
    }
}
