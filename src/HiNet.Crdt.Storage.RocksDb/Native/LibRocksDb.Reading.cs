using System.Runtime.InteropServices;

namespace HiNet.Crdt.Storage.RocksDb.Native;

/// <summary>Point reads and iterators.</summary>
internal static unsafe partial class LibRocksDb
{
    [LibraryImport(Library, EntryPoint = "rocksdb_readoptions_create")]
    internal static partial nint CreateReadOptions();

    [LibraryImport(Library, EntryPoint = "rocksdb_readoptions_destroy")]
    internal static partial void DestroyReadOptions(nint readOptions);

    /// <summary>Keeps the pointer: <paramref name="key"/> and the options outlive the iterator.</summary>
    [LibraryImport(Library, EntryPoint = "rocksdb_readoptions_set_iterate_lower_bound")]
    internal static partial void SetLowerBound(nint readOptions, byte* key, nuint length);

    /// <summary>Keeps the pointer: <paramref name="key"/> and the options outlive the iterator. The bound itself is excluded.</summary>
    [LibraryImport(Library, EntryPoint = "rocksdb_readoptions_set_iterate_upper_bound")]
    internal static partial void SetUpperBound(nint readOptions, byte* key, nuint length);

    /// <summary>A slice to destroy, or null when the key is absent or the read failed.</summary>
    [LibraryImport(Library, EntryPoint = "rocksdb_get_pinned_cf")]
    internal static partial nint GetPinned(nint db, nint readOptions, nint family, byte* key, nuint length, nint* error);

    [LibraryImport(Library, EntryPoint = "rocksdb_pinnableslice_value")]
    [SuppressGCTransition]
    internal static partial byte* PinnedValue(nint slice, nuint* length);

    [LibraryImport(Library, EntryPoint = "rocksdb_pinnableslice_destroy")]
    internal static partial void DestroyPinned(nint slice);

    [LibraryImport(Library, EntryPoint = "rocksdb_create_iterator_cf")]
    internal static partial nint CreateIterator(nint db, nint readOptions, nint family);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_destroy")]
    internal static partial void DestroyIterator(nint iterator);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_seek_to_first")]
    internal static partial void SeekToFirst(nint iterator);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_seek_to_last")]
    internal static partial void SeekToLast(nint iterator);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_next")]
    internal static partial void Next(nint iterator);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_prev")]
    internal static partial void Previous(nint iterator);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_valid")]
    [SuppressGCTransition]
    internal static partial byte IsValid(nint iterator);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_key")]
    [SuppressGCTransition]
    internal static partial byte* IteratorKey(nint iterator, nuint* length);

    /// <summary>May read a block of the file, so the garbage collector must not wait for it.</summary>
    [LibraryImport(Library, EntryPoint = "rocksdb_iter_value")]
    internal static partial byte* IteratorValue(nint iterator, nuint* length);

    [LibraryImport(Library, EntryPoint = "rocksdb_iter_get_error")]
    internal static partial void GetIteratorError(nint iterator, nint* error);
}
