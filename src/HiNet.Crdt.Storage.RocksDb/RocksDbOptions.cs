using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Storage.RocksDb.Native;

namespace HiNet.Crdt.Storage.RocksDb;

/// <summary>
/// RocksDB's options for a chat node: one writer, values of some hundred bytes, many of them ciphertext, on a machine that has
/// other things to do. RocksDB copies them on opening, so they are freed at once.
/// </summary>
internal sealed class RocksDbOptions : IDisposable
{
    private const int MiB = 1024 * 1024;

    /// <summary>One cache for all families of a store.</summary>
    private const int BlockCacheBytes = 16 * MiB;

    /// <summary>Unflushed data of all families together; beyond it the fullest is flushed.</summary>
    private const int WriteBufferTotalBytes = 16 * MiB;

    /// <summary>What the log may hold before the families that keep it alive are flushed: an opening reads no more.</summary>
    private const int LogBytes = 128 * MiB;

    /// <summary>
    /// Flushed files that lie beside each other before they are merged. Those of a backlog in many conversations overlap in all of
    /// them, so each merge writes what was merged before once more: with RocksDB's own 4 that was an eighth of the work of
    /// catching up.
    /// </summary>
    private const int FlushedFilesBesideEachOther = 8;

    private readonly nint _cache;
    private readonly List<nint> _owned = [];

    internal RocksDbOptions()
    {
        _cache = LibRocksDb.CreateLruCache(BlockCacheBytes);
        Database = LibRocksDb.CreateOptions();
        _owned.Add(Database);
        LibRocksDb.SetCreateIfMissing(Database, 1);
        LibRocksDb.SetCreateMissingColumnFamilies(Database, 1);
        LibRocksDb.IncreaseParallelism(Database, 2);
        LibRocksDb.SetMaxOpenFiles(Database, 256);
        LibRocksDb.SetDbWriteBufferSize(Database, WriteBufferTotalBytes);

        // A family that is seldom written would keep every log alive since its last flush.
        LibRocksDb.SetMaxTotalWalSize(Database, LogBytes);

        // The default stops silently at a damaged record and drops what follows: acknowledged entries would vanish unnoticed
        // and this device would sign their numbers a second time. Here only a record that breaks off at the end is dropped.
        LibRocksDb.SetWalRecoveryMode(Database, LibRocksDb.TolerateCorruptedTailRecords);

        // RocksDB's diary stays empty: Debian builds it with assertions, and one of them ends the process when the diary
        // cannot be written twice, which a full disk makes happen. Errors reach us as sentences all the same.
        LibRocksDb.SetInfoLogLevel(Database, LibRocksDb.LogNothing);
        LibRocksDb.SetKeepLogFileNum(Database, 1);
        LibRocksDb.SetStatsDumpPeriod(Database, 0);
        LibRocksDb.SetStatsPersistPeriod(Database, 0);
    }

    internal nint Database { get; }

    /// <summary>Options of one family; null for the store's own and for those of a newer release.</summary>
    internal nint ForFamily(ColumnFamily? family)
    {
        var options = LibRocksDb.CreateOptions();
        _owned.Add(options);
        LibRocksDb.SetWriteBufferSize(options, (nuint)(family == ColumnFamily.Entries ? 16 : 8) * MiB);
        LibRocksDb.SetLevel0CompactionTrigger(options, FlushedFilesBesideEachOther);

        // Keys and values of EntryIds are hashes and numbers: nothing to gain.
        LibRocksDb.SetCompression(options, family == ColumnFamily.EntryIds ? LibRocksDb.NoCompression : LibRocksDb.Lz4Compression);
        var table = LibRocksDb.CreateTableOptions();
        LibRocksDb.SetBlockCache(table, _cache);
        if (family == ColumnFamily.EntryIds)
        {
            // Asked for every entry that arrives, and mostly absent: ten bits a key answer 99 of 100 without the disk.
            LibRocksDb.SetFilterPolicy(table, LibRocksDb.CreateBloomFilter(10));
        }

        LibRocksDb.SetBlockBasedTableFactory(options, table);
        LibRocksDb.DestroyTableOptions(table);
        return options;
    }

    public void Dispose()
    {
        foreach (var options in _owned)
        {
            LibRocksDb.DestroyOptions(options);
        }

        _owned.Clear();
        LibRocksDb.DestroyCache(_cache);
    }
}
