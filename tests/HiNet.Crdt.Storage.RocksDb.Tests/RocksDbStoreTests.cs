using HiNet.Crdt.Tests.Storage;

namespace HiNet.Crdt.Storage.RocksDb.Tests;

/// <summary>The suite over RocksDB.</summary>
public sealed class RocksDbStoreTests : EntryStoreSuite, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private int _stores;

    protected override int Histories => 25;

    protected override StoreProvider NewProvider() => RocksDbStore.At(_directory.Combine($"store-{_stores++}"));

    public void Dispose() => _directory.Dispose();
}
