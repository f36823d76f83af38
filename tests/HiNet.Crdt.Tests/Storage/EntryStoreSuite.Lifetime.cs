using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Storage;

namespace HiNet.Crdt.Tests.Storage;

/// <summary>Opening, closing and versions.</summary>
public abstract partial class EntryStoreSuite
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task What_was_written_is_there_after_reopening()
    {
        var provider = NewProvider();
        await using (var store = provider.Open())
        {
            store.Write(new WriteBatch().Put(ColumnFamily.Entries, "synced", "1"), sync: true);
            store.Write(new WriteBatch().Put(ColumnFamily.Entries, "unsynced", "2"), sync: false);
            store.Write(new WriteBatch(), sync: true);
        }

        await using var reopened = provider.Open();
        reopened.Get(ColumnFamily.Entries, "synced").ShouldBe("1");
        reopened.Get(ColumnFamily.Entries, "unsynced").ShouldBe("2");
    }

    [Fact]
    public async Task A_new_store_carries_the_format_version_and_nothing_else()
    {
        await using var store = NewProvider().Open();

        store.TryGet(ColumnFamily.Meta, StoreFormat.VersionKey, out var version).ShouldBeTrue();
        version.ShouldBe([1, 0, 0, 0]);
        foreach (var family in Enum.GetValues<ColumnFamily>())
        {
            store.Keys(family).ShouldBe(family == ColumnFamily.Meta ? ["version"] : []);
        }
    }

    [Theory]
    [InlineData(2u, "newer release")]
    [InlineData(uint.MaxValue, "newer release")]
    [InlineData(0u, "format version 0")]
    public async Task A_store_of_another_format_version_is_refused(uint version, string expected)
    {
        var provider = NewProvider();
        await WriteVersionAsync(provider, StoreFormat.EncodeVersion(version));

        // Twice, because a refusal must let go of the location.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var refused = Should.Throw<StoreException>(provider.Open);
            refused.Message.ShouldContain(expected);
            refused.Message.ShouldContain(provider.Location);
        }
    }

    [Fact]
    public async Task A_store_whose_version_is_unreadable_or_missing_is_refused()
    {
        var unreadable = NewProvider();
        await WriteVersionAsync(unreadable, [1, 0]);
        Should.Throw<StoreException>(unreadable.Open).Message.ShouldContain("not readable");

        var missing = NewProvider();
        await WriteVersionAsync(missing, null);
        Should.Throw<StoreException>(missing.Open).Message.ShouldContain("no format version");
    }

    [Fact]
    public async Task A_store_that_is_open_cannot_be_opened_again_until_it_is_disposed()
    {
        var provider = NewProvider();
        await using (var store = provider.Open())
        {
            Should.Throw<StoreException>(provider.Open).Message.ShouldContain("already open");
            store.Write(new WriteBatch().Put(ColumnFamily.Entries, "k", "still works"), sync: true);
        }

        await using var reopened = provider.Open();
        reopened.Get(ColumnFamily.Entries, "k").ShouldBe("still works");
    }

    [Fact]
    public async Task A_closed_store_refuses_every_call_with_one_sentence()
    {
        var store = NewProvider().Open();
        await store.DisposeAsync();
        await store.DisposeAsync();

        foreach (var call in new Action[]
        {
            () => store.Get(ColumnFamily.Meta, "k"),
            () => store.Scan(ColumnFamily.Meta, [], []),
            () => store.Write(new WriteBatch(), sync: false),
            () => store.ReclaimErased(),
            () => store.GetStatistics(),
        })
        {
            Should.Throw<StoreException>(call).Message.ShouldContain("closed");
        }
    }

    [Fact]
    public async Task Disposal_waits_for_an_open_iterator_which_stays_valid()
    {
        var store = NewProvider().Open();
        store.Write(new WriteBatch().Put(ColumnFamily.Entries, "k", "value"), sync: false);
        var iterator = store.Scan(ColumnFamily.Entries, [], []);

        var disposal = store.DisposeAsync().AsTask();
        iterator.MoveNext().ShouldBeTrue();
        StoreReading.Text(iterator.Value).ShouldBe("value");
        disposal.IsCompleted.ShouldBeFalse();

        iterator.Dispose();
        await disposal.WaitAsync(Patience);
        Should.Throw<ObjectDisposedException>(() => iterator.MoveNext());
    }

    private static async Task WriteVersionAsync(StoreProvider provider, byte[]? version)
    {
        await using var store = provider.Open();
        var batch = new WriteBatch().Put(ColumnFamily.Entries, "k", "value");
        if (version is null)
        {
            batch.Delete(ColumnFamily.Meta, StoreFormat.VersionKey);
        }
        else
        {
            batch.Put(ColumnFamily.Meta, StoreFormat.VersionKey, version);
        }

        store.Write(batch, sync: true);
    }
}
