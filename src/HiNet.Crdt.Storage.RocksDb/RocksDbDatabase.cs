using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Storage.RocksDb.Native;

namespace HiNet.Crdt.Storage.RocksDb;

/// <summary>An open database: its native handles and nothing else. Whoever holds it sees to it that nobody uses it after <see cref="Close"/>.</summary>
internal sealed class RocksDbDatabase
{
    private readonly nint[] _handles;
    private readonly string[] _unknown;

    internal RocksDbDatabase(string location, nint db, nint[] handles, string[] unknown)
    {
        Location = location;
        Db = db;
        _handles = handles;
        _unknown = unknown;
        FamilyIds = [.. RocksDbFamilies.Names.Select((_, family) => LibRocksDb.ColumnFamilyId(handles[family + 1]))];
        ReadOptions = LibRocksDb.CreateReadOptions();
        Unsynced = LibRocksDb.CreateWriteOptions();
        Synced = LibRocksDb.CreateWriteOptions();
        LibRocksDb.SetSync(Synced, 1);
    }

    internal string Location { get; }

    internal nint Db { get; }

    internal nint ReadOptions { get; }

    internal nint Unsynced { get; }

    internal nint Synced { get; }

    /// <summary>The numbers that RocksDB knows the families by, in the order of <see cref="ColumnFamily"/>.</summary>
    internal uint[] FamilyIds { get; }

    /// <summary>The family of the store's own notes.</summary>
    internal nint OwnFamily => _handles[0];

    internal IEnumerable<nint> AllFamilies => _handles;

    internal nint Family(ColumnFamily family) => _handles[(int)family + 1];

    /// <exception cref="StoreException">There are families that no release of this format version creates.</exception>
    internal void RefuseUnknownFamilies()
    {
        if (_unknown.Length > 0)
        {
            throw new StoreException($"The store at {Location} has column families that this release does not know ({string.Join(", ", _unknown)}): open it with the release that wrote it or use another home.");
        }
    }

    /// <summary>Once. Waits for background work to stop and lets go of the directory.</summary>
    internal void Close()
    {
        LibRocksDb.CancelBackgroundWork(Db, 1);
        foreach (var handle in _handles)
        {
            LibRocksDb.DestroyColumnFamily(handle);
        }

        LibRocksDb.Close(Db);
        LibRocksDb.DestroyReadOptions(ReadOptions);
        LibRocksDb.DestroyWriteOptions(Unsynced);
        LibRocksDb.DestroyWriteOptions(Synced);
    }
}
