using System.Runtime.InteropServices;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Storage.RocksDb.Native;

namespace HiNet.Crdt.Storage.RocksDb;

/// <summary>
/// A walk over [from, until) of one family. Keys and values are RocksDB's own memory, without a copy. What it shows is pinned at
/// creation. Its finaliser is a safety net for a caller who forgets: a database cannot be closed under an iterator.
/// </summary>
internal sealed unsafe class RocksDbIterator : IStoreIterator
{
    private readonly string _location;
    private readonly Action _released;
    private readonly bool _reverse;

    // RocksDB keeps pointers to the bounds and to the options for as long as the iterator lives.
    private byte* _bounds;
    private nint _readOptions;
    private nint _iterator;
    private bool _started;
    private bool _valid;

    internal RocksDbIterator(
        RocksDbDatabase database, nint family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> until, bool reverse, Action released)
    {
        _location = database.Location;
        _released = released;
        _reverse = reverse;
        _readOptions = LibRocksDb.CreateReadOptions();
        _bounds = (byte*)NativeMemory.Alloc((nuint)(from.Length + until.Length + 1));
        from.CopyTo(new Span<byte>(_bounds, from.Length));
        until.CopyTo(new Span<byte>(_bounds + from.Length, until.Length));
        if (!from.IsEmpty)
        {
            LibRocksDb.SetLowerBound(_readOptions, _bounds, (nuint)from.Length);
        }

        if (!until.IsEmpty)
        {
            LibRocksDb.SetUpperBound(_readOptions, _bounds + from.Length, (nuint)until.Length);
        }

        // RocksDB does not define what an iterator does whose lower bound is not below the upper.
        IsEmpty = !until.IsEmpty && from.SequenceCompareTo(until) >= 0;
        _iterator = LibRocksDb.CreateIterator(database.Db, _readOptions, family);
    }

    ~RocksDbIterator() => Release();

    public ReadOnlySpan<byte> Key
    {
        get
        {
            if (!_valid)
            {
                return [];
            }

            nuint length = 0;
            var key = LibRocksDb.IteratorKey(_iterator, &length);
            return new ReadOnlySpan<byte>(key, checked((int)length));
        }
    }

    public ReadOnlySpan<byte> Value
    {
        get
        {
            if (!_valid)
            {
                return [];
            }

            nuint length = 0;
            var value = LibRocksDb.IteratorValue(_iterator, &length);
            return new ReadOnlySpan<byte>(value, checked((int)length));
        }
    }

    private bool IsEmpty { get; }

    public bool MoveNext()
    {
        ObjectDisposedException.ThrowIf(_iterator == 0, this);
        if (IsEmpty || (_started && !_valid))
        {
            return false;
        }

        Move();
        _started = true;
        _valid = LibRocksDb.IsValid(_iterator) != 0;
        if (!_valid)
        {
            nint error = 0;
            LibRocksDb.GetIteratorError(_iterator, &error);
            if (LibRocksDb.TakeError(error) is { } sentence)
            {
                throw RocksDbErrors.Using(_location, sentence);
            }
        }

        return _valid;
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Move()
    {
        switch (_started, _reverse)
        {
            case (true, false):
                LibRocksDb.Next(_iterator);
                break;
            case (true, true):
                LibRocksDb.Previous(_iterator);
                break;
            case (false, false):
                LibRocksDb.SeekToFirst(_iterator);
                break;
            case (false, true):
                LibRocksDb.SeekToLast(_iterator);
                break;
        }
    }

    private void Release()
    {
        if (_iterator == 0)
        {
            return;
        }

        _valid = false;
        LibRocksDb.DestroyIterator(_iterator);
        _iterator = 0;
        LibRocksDb.DestroyReadOptions(_readOptions);
        _readOptions = 0;
        NativeMemory.Free(_bounds);
        _bounds = null;
        _released();
    }
}
