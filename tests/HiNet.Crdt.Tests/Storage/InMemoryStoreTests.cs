using HiNet.Crdt.Storage;

namespace HiNet.Crdt.Tests.Storage;

/// <summary>The suite over the store in memory.</summary>
public sealed class InMemoryStoreTests : EntryStoreSuite
{
    protected override StoreProvider NewProvider() => new InMemoryStore();
}
