using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Tests.Storage;

namespace HiNet.Crdt.Storage.RocksDb.Tests;

/// <summary>A disk that fills up stops the writer, loses nothing and is over when there is space again.</summary>
public sealed class FullDiskTests
{
    [SmallDiskFact]
    public async Task A_full_disk_stops_all_writing_until_reopened_and_loses_no_acknowledged_batch()
    {
        using var directory = new TemporaryDirectory();
        SmallDisk.TryMount(directory.Path, megabytes: 4, out var mounted).ShouldBeTrue();
        using var disk = mounted;
        long acknowledged = -1;
        await using (var store = RocksDbStore.At(directory.Path).Open())
        {
            var full = Should.Throw<StoreException>(() =>
            {
                for (var number = 0; number < 10_000; number++)
                {
                    store.Write(StoreChild.BatchOf(number), sync: true);
                    acknowledged = number;
                }
            });
            full.Message.ShouldBe($"The disk that holds {directory.Path} is full: free some space and start again.");
            acknowledged.ShouldBeGreaterThan(100);

            disk.Resize(megabytes: 32);
            Should.Throw<StoreException>(() => store.Write(new WriteBatch(), sync: false)).Message.ShouldBe(full.Message);
            Should.Throw<StoreException>(store.ReclaimErased).Message.ShouldBe(full.Message);
            store.TryGet(ColumnFamily.Entries, StoreReading.Key(acknowledged), out var value).ShouldBeTrue();
            value.ShouldBe(StoreChild.ValueOf(acknowledged));
        }

        await using var reopened = RocksDbStore.At(directory.Path).Open();
        StoreChild.Count(reopened, ColumnFamily.Entries).ShouldBeGreaterThan(acknowledged);
        reopened.Write(StoreChild.BatchOf(acknowledged + 1), sync: true);
    }

    [SmallDiskFact]
    public void A_disk_without_space_for_a_new_store_is_refused_with_its_path()
    {
        using var directory = new TemporaryDirectory();
        SmallDisk.TryMount(directory.Path, megabytes: 1, out var mounted).ShouldBeTrue();
        using var disk = mounted;
        File.WriteAllBytes(directory.Combine("filler"), new byte[(1 << 20) - 8192]);

        Should.Throw<StoreException>(RocksDbStore.At(directory.Combine("store")).Open).Message.ShouldContain("is full");
    }

    [SmallDiskFact]
    public async Task A_disk_that_is_mounted_read_only_is_refused_with_its_path()
    {
        using var directory = new TemporaryDirectory();
        SmallDisk.TryMount(directory.Path, megabytes: 4, out var mounted).ShouldBeTrue();
        using var disk = mounted;
        await using (RocksDbStore.At(directory.Path).Open())
        {
        }

        disk.MakeReadOnly();
        Should.Throw<StoreException>(RocksDbStore.At(directory.Path).Open).Message
            .ShouldBe($"The store at {directory.Path} cannot be written: give this user the rights to that directory or use another home.");
        Should.Throw<StoreException>(RocksDbStore.At(directory.Combine("new")).Open).Message.ShouldContain("cannot be written");
    }
}
