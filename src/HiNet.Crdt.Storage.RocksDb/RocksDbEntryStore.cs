using System.Diagnostics.CodeAnalysis;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Storage.RocksDb.Native;

namespace HiNet.Crdt.Storage.RocksDb;

/// <summary>The port over an open database: counts who is inside, encodes batches, and stands still after a failed write.</summary>
internal sealed class RocksDbEntryStore : IEntryStore
{
    private readonly RocksDbDatabase _database;
    private readonly BatchEncoder _encoder;
    private readonly StoreUsage _usage = new();
    private readonly Lock _writing = new();

    /// <summary>One reclamation at a time; <see cref="_writing"/> may be taken within it, never the other way round.</summary>
    private readonly Lock _reclaiming = new();
    private readonly Action _iteratorReleased;
    private int _openIterators;
    private string? _failure;

    /// <summary>Within <see cref="_writing"/>: the notes, as hexadecimal digits, written since the reclamation under way began; null when none is.</summary>
    private HashSet<string>? _notedMeanwhile;

    internal RocksDbEntryStore(RocksDbDatabase database)
    {
        _database = database;
        _encoder = new BatchEncoder(database.FamilyIds);
        _iteratorReleased = () =>
        {
            Interlocked.Decrement(ref _openIterators);
            _usage.Leave();
        };
    }

    public string Location => _database.Location;

    public unsafe bool TryGet(ColumnFamily family, ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value)
    {
        Enter();
        try
        {
            nint error = 0;
            nint slice;
            fixed (byte* start = key)
            {
                slice = LibRocksDb.GetPinned(_database.Db, _database.ReadOptions, _database.Family(family), start, (nuint)key.Length, &error);
            }

            ThrowIfFailed(error);
            value = slice == 0 ? null : TakeValue(slice);
            return value is not null;
        }
        finally
        {
            _usage.Leave();
        }
    }

    public IStoreIterator Scan(ColumnFamily family, ReadOnlySpan<byte> from, ReadOnlySpan<byte> until, bool reverse = false)
    {
        Enter();
        Interlocked.Increment(ref _openIterators);
        return new RocksDbIterator(_database, _database.Family(family), from, until, reverse, _iteratorReleased);
    }

    public void Write(WriteBatch batch, bool sync)
    {
        ArgumentNullException.ThrowIfNull(batch);
        RunAsWriter(() =>
        {
            if (batch.Changes.Count > 0)
            {
                NoteMeanwhile(batch);
                Write(_encoder.Encode(batch), sync ? _database.Synced : _database.Unsynced);
            }
            else if (sync)
            {
                SyncLog();
            }
        });
    }

    public void ReclaimErased()
    {
        Enter();
        try
        {
            lock (_reclaiming)
            {
                Reclaim();
            }
        }
        finally
        {
            _usage.Leave();
        }
    }

    public unsafe StoreStatistics GetStatistics()
    {
        Enter();
        try
        {
            long keys = 0;
            foreach (var family in Enum.GetValues<ColumnFamily>())
            {
                ulong estimate = 0;
                _ = LibRocksDb.IntegerProperty(_database.Db, _database.Family(family), "rocksdb.estimate-num-keys", &estimate);
                keys += (long)estimate;
            }

            return new StoreStatistics(keys, FileBytes(), ErasureReclamation.Notes(_database).Count);
        }
        finally
        {
            _usage.Leave();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_usage.TryClose(out var drained))
        {
            await StoreDisposal.WhenDrainedAsync(drained, Close, Location).ConfigureAwait(false);
        }
    }

    private static unsafe byte[] TakeValue(nint slice)
    {
        nuint length = 0;
        var start = LibRocksDb.PinnedValue(slice, &length);
        var value = new ReadOnlySpan<byte>(start, checked((int)length)).ToArray();
        LibRocksDb.DestroyPinned(slice);
        return value;
    }

    /// <summary>Writes go on while files are rewritten: what they erase is due again, and keeps its note.</summary>
    private void Reclaim()
    {
        lock (_writing)
        {
            ThrowIfStandsStill();
            _notedMeanwhile = new HashSet<string>(StringComparer.Ordinal);
        }

        try
        {
            var notes = new ErasureReclamation(_database, () => Volatile.Read(ref _openIterators) > 0).Run();
            lock (_writing)
            {
                ThrowIfStandsStill();
                notes.RemoveAll(note => _notedMeanwhile.Contains(Convert.ToHexString(note)));
                if (notes.Count > 0)
                {
                    Write(_encoder.EncodeNoteDeletions(notes), _database.Unsynced);
                }
            }
        }
        finally
        {
            lock (_writing)
            {
                _notedMeanwhile = null;
            }
        }
    }

    private void NoteMeanwhile(WriteBatch batch)
    {
        if (_notedMeanwhile is { } noted && batch.Erases)
        {
            noted.UnionWith(batch.Changes.Where(change => change.IsErasure).Select(change => Convert.ToHexString(BatchEncoder.Note(change.Family, change.Key))));
        }
    }

    /// <summary>A write that failed leaves in doubt what is there, so no other one follows it.</summary>
    private void RunAsWriter(Action act)
    {
        Enter();
        try
        {
            lock (_writing)
            {
                ThrowIfStandsStill();
                act();
            }
        }
        catch (StoreException e)
        {
            _failure = e.Message;
            throw;
        }
        finally
        {
            _usage.Leave();
        }
    }

    private void ThrowIfStandsStill()
    {
        if (_failure is not null)
        {
            throw new StoreException(_failure);
        }
    }

    private unsafe void Write(ReadOnlySpan<byte> encoded, nint writeOptions)
    {
        nint error = 0;
        fixed (byte* start = encoded)
        {
            var batch = LibRocksDb.CreateBatch(start, (nuint)encoded.Length);
            LibRocksDb.Write(_database.Db, writeOptions, batch, &error);
            LibRocksDb.DestroyBatch(batch);
        }

        ThrowIfFailed(error);
    }

    private unsafe void SyncLog()
    {
        nint error = 0;
        LibRocksDb.FlushWal(_database.Db, 1, &error);
        ThrowIfFailed(error);
    }

    private void Close()
    {
        try
        {
            // A store that stands still has nothing more to make durable.
            if (_failure is null)
            {
                SyncLog();
                SequenceWitness.Write(_database);
            }
        }
        finally
        {
            _database.Close();
        }
    }

    private long FileBytes()
    {
        long bytes = 0;
        foreach (var file in new DirectoryInfo(Location).EnumerateFiles())
        {
            try
            {
                bytes += file.Length;
            }
            catch (FileNotFoundException)
            {
                // Background work removes files while they are counted.
            }
        }

        return bytes;
    }

    private void ThrowIfFailed(nint error)
    {
        if (LibRocksDb.TakeError(error) is { } sentence)
        {
            throw RocksDbErrors.Using(Location, sentence);
        }
    }

    private void Enter()
    {
        if (!_usage.TryEnter())
        {
            throw new StoreException($"The store at {Location} is closed: start the node again.");
        }
    }
}
