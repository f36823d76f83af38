using System.Runtime.InteropServices;
using HiNet.Crdt.Storage.RocksDb.Native;

namespace HiNet.Crdt.Storage.RocksDb;

/// <summary>One table (SST file) that a database uses now, and the keys between which it may hold any; both ends belong to it.</summary>
internal sealed record TableFile(string Path, string Family, byte[] Smallest, byte[] Largest)
{
    internal bool Covers(ReadOnlySpan<byte> key) => key.SequenceCompareTo(Smallest) >= 0 && key.SequenceCompareTo(Largest) <= 0;

    internal static unsafe List<TableFile> List(RocksDbDatabase database)
    {
        var files = LibRocksDb.LiveFiles(database.Db);
        var tables = new List<TableFile>(LibRocksDb.LiveFileCount(files));
        for (var i = 0; i < tables.Capacity; i++)
        {
            nuint length = 0;
            var smallest = LibRocksDb.LiveFileSmallestKey(files, i, &length);
            var smallestKey = new ReadOnlySpan<byte>(smallest, checked((int)length)).ToArray();
            var largest = LibRocksDb.LiveFileLargestKey(files, i, &length);
            tables.Add(new TableFile(
                database.Location + Marshal.PtrToStringUTF8(LibRocksDb.LiveFileName(files, i)),
                Marshal.PtrToStringUTF8(LibRocksDb.LiveFileFamily(files, i))!,
                smallestKey,
                new ReadOnlySpan<byte>(largest, checked((int)length)).ToArray()));
        }

        LibRocksDb.DestroyLiveFiles(files);
        return tables;
    }
}
