using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Tests.Storage;

namespace HiNet.Crdt.Storage.RocksDb.Tests;

/// <summary>A deleted message must really be gone: no file of the store holds its bytes.</summary>
public sealed class ErasureTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Random _random = new(7);

    public void Dispose() => _directory.Dispose();

    private RocksDbStore Provider => RocksDbStore.At(_directory.Path);

    [Fact]
    public async Task A_value_that_lies_only_in_the_log_leaves_it()
    {
        var marker = Marker();
        await using var store = Provider.Open();
        Put(store, 1, marker);
        Holds(marker).ShouldBeTrue();

        Erase(store, 1);
        store.ReclaimErased();

        Holds(marker).ShouldBeFalse();
    }

    [Fact]
    public async Task A_value_that_lies_in_tables_of_several_levels_leaves_them()
    {
        var first = Marker();
        var second = Marker();

        // Each opening turns the log into a table, and every eighth table of the first level sends all of them one level down.
        for (var i = 0; i < 10; i++)
        {
            await FillAsync(i * 500, 500);
        }

        await using (var store = Provider.Open())
        {
            Put(store, 1_250, first);
        }

        await FillAsync(5_000, 500);
        await using (var store = Provider.Open())
        {
            Put(store, 1_250, second);
            Holds(first).ShouldBeTrue();
            Holds(second).ShouldBeTrue();
            Erase(store, 1_250);
            store.ReclaimErased();

            Holds(first).ShouldBeFalse();
            Holds(second).ShouldBeFalse();
            store.TryGet(ColumnFamily.Entries, StoreReading.Key(1_250), out var value).ShouldBeTrue();
            value.ShouldBeEmpty();
            StoreChild.Count(store, ColumnFamily.Entries).ShouldBe(5_500);
        }
    }

    [Fact]
    public async Task Many_values_in_several_families_leave_together()
    {
        var markers = Enumerable.Range(0, 60).Select(_ => Marker()).ToArray();
        await using var store = Provider.Open();
        for (var i = 0; i < markers.Length; i++)
        {
            var batch = new WriteBatch();
            batch.Put(FamilyOf(i), StoreReading.Key(i * 50), markers[i]);
            store.Write(batch, sync: false);
        }

        var erasures = new WriteBatch();
        for (var i = 0; i < markers.Length; i++)
        {
            erasures.Erase(FamilyOf(i), StoreReading.Key(i * 50), [1]);
        }

        store.Write(erasures, sync: true);
        store.GetStatistics().PendingErasures.ShouldBe(markers.Length);
        store.ReclaimErased();

        store.GetStatistics().PendingErasures.ShouldBe(0);
        markers.ShouldAllBe(marker => !Holds(marker));
    }

    [Fact]
    public async Task An_erasure_that_a_crash_interrupted_is_made_good_after_reopening()
    {
        var marker = Marker();
        await FillAsync(0, 500);
        await using (var store = Provider.Open())
        {
            Put(store, 100, marker);
        }

        await using (var store = Provider.Open())
        {
            Erase(store, 100);
        }

        Holds(marker).ShouldBeTrue();
        await using (var store = Provider.Open())
        {
            store.GetStatistics().PendingErasures.ShouldBe(1);
            store.ReclaimErased();

            Holds(marker).ShouldBeFalse();
            store.GetStatistics().PendingErasures.ShouldBe(0);
        }
    }

    [Fact]
    public async Task Writes_go_on_while_files_are_rewritten_and_what_they_erase_stays_due()
    {
        const int Rounds = 40;
        for (var i = 0; i < 4; i++)
        {
            await FillAsync(i * 2_000, 2_000);
        }

        var markers = Enumerable.Range(0, Rounds).Select(_ => Marker()).ToArray();
        await using var store = Provider.Open();
        for (var i = 0; i < Rounds; i++)
        {
            Put(store, i * 100, markers[i]);
        }

        var reclaiming = Task.Run(() =>
        {
            for (var run = 0; run < 6; run++)
            {
                store.ReclaimErased();
            }
        });
        for (var i = 0; i < Rounds; i++)
        {
            Erase(store, i * 100);
            Put(store, 10_000 + i, Marker());
        }

        await reclaiming;
        store.ReclaimErased();
        store.GetStatistics().PendingErasures.ShouldBe(0);
        markers.ShouldAllBe(marker => !Holds(marker));
        StoreChild.Count(store, ColumnFamily.Entries).ShouldBe(8_000 + Rounds);
    }

    [Fact]
    public async Task A_value_erased_again_while_files_are_rewritten_keeps_its_note()
    {
        for (var round = 0; round < 10; round++)
        {
            await FillAsync(0, 2_000);
            await using var store = Provider.Open();
            Erase(store, 100);
            var reclaiming = Task.Run(store.ReclaimErased);
            var markers = Enumerable.Range(0, 20).Select(_ => Marker()).ToArray();
            foreach (var marker in markers)
            {
                Put(store, 100, marker);
                Erase(store, 100);
            }

            await reclaiming;
            store.ReclaimErased();
            markers.ShouldAllBe(marker => !Holds(marker));
        }
    }

    [Fact]
    public async Task A_value_that_an_open_iterator_pins_leaves_with_the_iterator()
    {
        var marker = Marker();
        await using (var store = Provider.Open())
        {
            Put(store, 1, marker);
        }

        await using var reopened = Provider.Open();
        using var iterator = reopened.Scan(ColumnFamily.Entries, [], []);
        Erase(reopened, 1);
        reopened.ReclaimErased();

        iterator.MoveNext().ShouldBeTrue();
        iterator.Value.SequenceEqual(marker).ShouldBeTrue();
        iterator.Dispose();

        Holds(marker).ShouldBeFalse();
    }

    private static ColumnFamily FamilyOf(int i) => i % 3 == 0 ? ColumnFamily.Secrets : i % 3 == 1 ? ColumnFamily.Entries : ColumnFamily.Timeline;

    // Random, so that no compression changes its bytes.
    private byte[] Marker()
    {
        var marker = new byte[256];
        _random.NextBytes(marker);
        return marker;
    }

    private static void Put(IEntryStore store, long key, byte[] value)
    {
        var batch = new WriteBatch();
        batch.Put(ColumnFamily.Entries, StoreReading.Key(key), value);
        store.Write(batch, sync: true);
    }

    private static void Erase(IEntryStore store, long key)
    {
        var batch = new WriteBatch();
        batch.Erase(ColumnFamily.Entries, StoreReading.Key(key), []);
        store.Write(batch, sync: true);
    }

    private async Task FillAsync(int first, int count)
    {
        await using var store = Provider.Open();
        var batch = new WriteBatch();
        for (var i = first; i < first + count; i++)
        {
            batch.Put(ColumnFamily.Entries, StoreReading.Key(i), Marker());
        }

        store.Write(batch, sync: false);
    }

    // LOCK is left alone: closing any descriptor of it would drop the lock that this process holds on it.
    private bool Holds(byte[] marker)
    {
        while (true)
        {
            try
            {
                return Directory.EnumerateFiles(_directory.Path)
                    .Where(file => Path.GetFileName(file) != "LOCK")
                    .Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(marker.AsSpan(64, 64)) >= 0);
            }
            catch (FileNotFoundException)
            {
                // RocksDB merged it with others meanwhile: they have to be looked at.
            }
        }
    }
}
