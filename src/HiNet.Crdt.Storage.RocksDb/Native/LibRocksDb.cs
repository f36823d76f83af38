using System.Runtime.InteropServices;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Storage.RocksDb.Native;

/// <summary>
/// RocksDB's C API (<c>rocksdb/c.h</c>, 7.8). Conventions there: a call that can fail takes a pointer to a null pointer and, on
/// failure, leaves a malloc'ed sentence in it; a boolean is one byte; what a <c>create</c> returns is freed by the matching
/// <c>destroy</c>. Calls that only hand out a pointer skip the garbage collector's transition.
/// </summary>
internal static unsafe partial class LibRocksDb
{
    private const string Library = "librocksdb";

    private static readonly Lazy<nint> Loaded = new(Load);

    /// <summary>Before any other call of this class.</summary>
    /// <exception cref="NativeLibraryMissingException">It is not on this machine.</exception>
    internal static void EnsureLoaded() => _ = Loaded.Value;

    /// <summary>The sentence that a failed call left, which is freed; null when it succeeded.</summary>
    internal static string? TakeError(nint error)
    {
        if (error == 0)
        {
            return null;
        }

        var sentence = Marshal.PtrToStringUTF8(error);
        Free(error);
        return sentence;
    }

    [LibraryImport(Library, EntryPoint = "rocksdb_free")]
    internal static partial void Free(nint memory);

    [LibraryImport(Library, EntryPoint = "rocksdb_list_column_families", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint* ListColumnFamilies(nint options, string path, nuint* count, nint* error);

    [LibraryImport(Library, EntryPoint = "rocksdb_list_column_families_destroy")]
    internal static partial void DestroyColumnFamilyList(nint* names, nuint count);

    [LibraryImport(Library, EntryPoint = "rocksdb_open_column_families", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint Open(nint options, string path, int count, string[] names, nint* familyOptions, nint* handles, nint* error);

    [LibraryImport(Library, EntryPoint = "rocksdb_column_family_handle_get_id")]
    internal static partial uint ColumnFamilyId(nint handle);

    [LibraryImport(Library, EntryPoint = "rocksdb_column_family_handle_destroy")]
    internal static partial void DestroyColumnFamily(nint handle);

    [LibraryImport(Library, EntryPoint = "rocksdb_cancel_all_background_work")]
    internal static partial void CancelBackgroundWork(nint db, byte wait);

    [LibraryImport(Library, EntryPoint = "rocksdb_close")]
    internal static partial void Close(nint db);

    /// <summary>Grows by one with each change and never falls.</summary>
    [LibraryImport(Library, EntryPoint = "rocksdb_get_latest_sequence_number")]
    internal static partial ulong LatestSequenceNumber(nint db);

    private static nint Load()
    {
        var handle = NativeLibraries.Load(Library, "apt-get install librocksdb7.8", "librocksdb.so.7.8", "librocksdb.so");
        NativeLibraries.Bind(typeof(LibRocksDb).Assembly, Library, handle);
        return handle;
    }
}
