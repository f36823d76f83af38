using System.Runtime.InteropServices;

namespace HiNet.Crdt.Storage.RocksDb.Native;

/// <summary>Options of a database, of a column family and of its tables.</summary>
internal static unsafe partial class LibRocksDb
{
    internal const int NoCompression = 0;
    internal const int Lz4Compression = 4;

    /// <summary>NUM_INFO_LOG_LEVELS: above the level of every line.</summary>
    internal const int LogNothing = 6;

    /// <summary>A record that breaks off at the end of a log is dropped; damage anywhere else refuses the opening.</summary>
    internal const int TolerateCorruptedTailRecords = 0;

    [LibraryImport(Library, EntryPoint = "rocksdb_options_create")]
    internal static partial nint CreateOptions();

    [LibraryImport(Library, EntryPoint = "rocksdb_options_destroy")]
    internal static partial void DestroyOptions(nint options);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_create_if_missing")]
    internal static partial void SetCreateIfMissing(nint options, byte value);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_create_missing_column_families")]
    internal static partial void SetCreateMissingColumnFamilies(nint options, byte value);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_increase_parallelism")]
    internal static partial void IncreaseParallelism(nint options, int threads);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_max_open_files")]
    internal static partial void SetMaxOpenFiles(nint options, int value);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_max_total_wal_size")]
    internal static partial void SetMaxTotalWalSize(nint options, ulong bytes);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_wal_recovery_mode")]
    internal static partial void SetWalRecoveryMode(nint options, int mode);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_db_write_buffer_size")]
    internal static partial void SetDbWriteBufferSize(nint options, nuint bytes);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_keep_log_file_num")]
    internal static partial void SetKeepLogFileNum(nint options, nuint value);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_info_log_level")]
    internal static partial void SetInfoLogLevel(nint options, int level);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_stats_dump_period_sec")]
    internal static partial void SetStatsDumpPeriod(nint options, uint seconds);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_stats_persist_period_sec")]
    internal static partial void SetStatsPersistPeriod(nint options, uint seconds);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_write_buffer_size")]
    internal static partial void SetWriteBufferSize(nint options, nuint bytes);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_level0_file_num_compaction_trigger")]
    internal static partial void SetLevel0CompactionTrigger(nint options, int files);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_compression")]
    internal static partial void SetCompression(nint options, int compression);

    [LibraryImport(Library, EntryPoint = "rocksdb_options_set_block_based_table_factory")]
    internal static partial void SetBlockBasedTableFactory(nint options, nint tableOptions);

    [LibraryImport(Library, EntryPoint = "rocksdb_block_based_options_create")]
    internal static partial nint CreateTableOptions();

    [LibraryImport(Library, EntryPoint = "rocksdb_block_based_options_destroy")]
    internal static partial void DestroyTableOptions(nint tableOptions);

    [LibraryImport(Library, EntryPoint = "rocksdb_block_based_options_set_block_cache")]
    internal static partial void SetBlockCache(nint tableOptions, nint cache);

    /// <summary>Takes <paramref name="policy"/> over.</summary>
    [LibraryImport(Library, EntryPoint = "rocksdb_block_based_options_set_filter_policy")]
    internal static partial void SetFilterPolicy(nint tableOptions, nint policy);

    [LibraryImport(Library, EntryPoint = "rocksdb_filterpolicy_create_bloom_full")]
    internal static partial nint CreateBloomFilter(double bitsPerKey);

    [LibraryImport(Library, EntryPoint = "rocksdb_cache_create_lru")]
    internal static partial nint CreateLruCache(nuint bytes);

    [LibraryImport(Library, EntryPoint = "rocksdb_cache_destroy")]
    internal static partial void DestroyCache(nint cache);
}
