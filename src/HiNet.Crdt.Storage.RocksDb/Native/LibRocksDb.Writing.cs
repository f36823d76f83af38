using System.Runtime.InteropServices;

namespace HiNet.Crdt.Storage.RocksDb.Native;

/// <summary>Batches, flushes, compactions and the list of files.</summary>
internal static unsafe partial class LibRocksDb
{
    /// <summary>Rewrites the last level too, except for tables that the same compaction has just written.</summary>
    internal const byte ForceBottommostOptimized = 3;

    [LibraryImport(Library, EntryPoint = "rocksdb_writeoptions_create")]
    internal static partial nint CreateWriteOptions();

    [LibraryImport(Library, EntryPoint = "rocksdb_writeoptions_destroy")]
    internal static partial void DestroyWriteOptions(nint writeOptions);

    [LibraryImport(Library, EntryPoint = "rocksdb_writeoptions_set_sync")]
    internal static partial void SetSync(nint writeOptions, byte value);

    /// <summary>Copies the encoded batch.</summary>
    [LibraryImport(Library, EntryPoint = "rocksdb_writebatch_create_from")]
    internal static partial nint CreateBatch(byte* encoded, nuint length);

    [LibraryImport(Library, EntryPoint = "rocksdb_writebatch_destroy")]
    internal static partial void DestroyBatch(nint batch);

    [LibraryImport(Library, EntryPoint = "rocksdb_write")]
    internal static partial void Write(nint db, nint writeOptions, nint batch, nint* error);

    [LibraryImport(Library, EntryPoint = "rocksdb_flush_wal")]
    internal static partial void FlushWal(nint db, byte sync, nint* error);

    [LibraryImport(Library, EntryPoint = "rocksdb_flushoptions_create")]
    internal static partial nint CreateFlushOptions();

    [LibraryImport(Library, EntryPoint = "rocksdb_flushoptions_destroy")]
    internal static partial void DestroyFlushOptions(nint flushOptions);

    [LibraryImport(Library, EntryPoint = "rocksdb_flush_cf")]
    internal static partial void Flush(nint db, nint flushOptions, nint family, nint* error);

    [LibraryImport(Library, EntryPoint = "rocksdb_compactoptions_create")]
    internal static partial nint CreateCompactOptions();

    [LibraryImport(Library, EntryPoint = "rocksdb_compactoptions_destroy")]
    internal static partial void DestroyCompactOptions(nint compactOptions);

    [LibraryImport(Library, EntryPoint = "rocksdb_compactoptions_set_bottommost_level_compaction")]
    internal static partial void SetBottommostLevelCompaction(nint compactOptions, byte value);

    /// <summary>Both ends belong to the range. Reports no failure: the caller looks at the files afterwards.</summary>
    [LibraryImport(Library, EntryPoint = "rocksdb_compact_range_cf_opt")]
    internal static partial void CompactRange(nint db, nint family, nint compactOptions, byte* from, nuint fromLength, byte* last, nuint lastLength);

    [LibraryImport(Library, EntryPoint = "rocksdb_livefiles")]
    internal static partial nint LiveFiles(nint db);

    [LibraryImport(Library, EntryPoint = "rocksdb_livefiles_destroy")]
    internal static partial void DestroyLiveFiles(nint files);

    [LibraryImport(Library, EntryPoint = "rocksdb_livefiles_count")]
    internal static partial int LiveFileCount(nint files);

    [LibraryImport(Library, EntryPoint = "rocksdb_livefiles_column_family_name")]
    internal static partial nint LiveFileFamily(nint files, int index);

    [LibraryImport(Library, EntryPoint = "rocksdb_livefiles_name")]
    internal static partial nint LiveFileName(nint files, int index);

    [LibraryImport(Library, EntryPoint = "rocksdb_livefiles_smallestkey")]
    internal static partial byte* LiveFileSmallestKey(nint files, int index, nuint* length);

    [LibraryImport(Library, EntryPoint = "rocksdb_livefiles_largestkey")]
    internal static partial byte* LiveFileLargestKey(nint files, int index, nuint* length);

    [LibraryImport(Library, EntryPoint = "rocksdb_property_int_cf", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int IntegerProperty(nint db, nint family, string name, ulong* value);
}
