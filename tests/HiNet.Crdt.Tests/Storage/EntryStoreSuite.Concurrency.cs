using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Tests.Storage;

/// <summary>Readers beside the writer.</summary>
public abstract partial class EntryStoreSuite
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_open_iterator_does_not_see_later_writes(bool reverse)
    {
        await using var store = NewProvider().Open();
        store.Write(new WriteBatch().Put(ColumnFamily.Timeline, "b", "1").Put(ColumnFamily.Timeline, "d", "1").Put(ColumnFamily.Timeline, "f", "1"), sync: false);
        using var iterator = store.Scan(ColumnFamily.Timeline, [], [], reverse);

        var later = new WriteBatch().Put(ColumnFamily.Timeline, "a", "2").Put(ColumnFamily.Timeline, "d", "2").Put(ColumnFamily.Timeline, "e", "2");
        later.Delete(ColumnFamily.Timeline, StoreReading.Bytes(reverse ? "b" : "f"));
        later.Erase(ColumnFamily.Timeline, StoreReading.Bytes(reverse ? "f" : "b"), []);
        store.Write(later, sync: false);
        store.ReclaimErased();

        var seen = new List<string>();
        while (iterator.MoveNext())
        {
            seen.Add(StoreReading.Text(iterator.Key) + StoreReading.Text(iterator.Value));
        }

        seen.ShouldBe(reverse ? ["f1", "d1", "b1"] : ["b1", "d1", "f1"]);
    }

    [Fact]
    public async Task Readers_beside_the_writer_see_each_batch_whole_and_never_an_older_state_again()
    {
        const int Batches = 2_000;
        const int Width = 8;
        await using var store = NewProvider().Open();
        store.Write(Generation(0, Width), sync: false);
        var readers = Enumerable.Range(0, 3).Select(reader => Task.Run(() => ReadGenerations(store, Width, Batches, reverse: reader == 1))).ToArray();
        for (var generation = 1; generation <= Batches; generation++)
        {
            store.Write(Generation(generation, Width), sync: false);
        }

        await Task.WhenAll(readers).WaitAsync(Patience);
    }

    [Fact]
    public async Task Disposal_under_running_readers_ends_them_with_the_closed_sentence()
    {
        var store = NewProvider().Open();
        store.Write(Generation(0, 8), sync: false);
        var started = new CountdownEvent(2);
        var readers = Enumerable.Range(0, 2).Select(reader => Task.Run(() =>
        {
            started.Signal();
            while (true)
            {
                _ = reader == 0 ? store.Get(ColumnFamily.Chains, "0") : store.Keys(ColumnFamily.Chains)[0];
            }
        })).ToArray();
        started.Wait(Patience).ShouldBeTrue();

        await store.DisposeAsync().AsTask().WaitAsync(Patience);

        foreach (var reader in readers)
        {
            (await Should.ThrowAsync<StoreException>(reader.WaitAsync(Patience))).Message.ShouldContain("closed");
        }
    }

    private static WriteBatch Generation(int generation, int width)
    {
        var batch = new WriteBatch();
        for (var key = 0; key < width; key++)
        {
            batch.Put(ColumnFamily.Chains, StoreReading.Bytes(key.ToString()), StoreReading.Key(generation));
        }

        return batch;
    }

    private static void ReadGenerations(IStoreReader store, int width, int last, bool reverse)
    {
        long newest = 0;
        while (newest < last)
        {
            var values = store.Records(ColumnFamily.Chains, [], [], reverse).ConvertAll(record => Convert.ToHexString(record.Value));
            values.Count.ShouldBe(width);
            values.ShouldAllBe(value => value == values[0]);
            var generation = Convert.ToInt64(values[0], 16);
            generation.ShouldBeGreaterThanOrEqualTo(newest);
            newest = generation;
        }
    }
}
