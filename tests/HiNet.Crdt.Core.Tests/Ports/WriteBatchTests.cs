using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Ports;

public sealed class WriteBatchTests
{
    private readonly WriteBatch _batch = new();

    [Fact]
    public void Its_size_is_that_of_all_keys_and_values()
    {
        _batch.Put(ColumnFamily.Entries, new byte[3], new byte[10]);
        _batch.Size.ShouldBe(13);
        _batch.Delete(ColumnFamily.Entries, new byte[4]);
        _batch.Size.ShouldBe(17);
        _batch.Erase(ColumnFamily.Entries, new byte[5], new byte[20]);
        _batch.Size.ShouldBe(42);
    }

    [Fact]
    public void What_takes_the_place_of_an_earlier_value_counts_in_its_stead()
    {
        _batch.Put(ColumnFamily.Entries, new byte[3], new byte[10]);
        _batch.Replace(0, new byte[4]);
        _batch.Size.ShouldBe(7);
        _batch.Replace(0, null);
        _batch.Size.ShouldBe(3);
        _batch.Replace(0, new byte[2]);
        _batch.Size.ShouldBe(5);
        _batch.Changes.ShouldHaveSingleItem().Value!.Length.ShouldBe(2);
    }

    [Fact]
    public void Only_an_erasure_asks_for_the_bytes_to_leave_the_disk()
    {
        _batch.Put(ColumnFamily.Entries, [1], [2]);
        _batch.Delete(ColumnFamily.Entries, [1]);
        _batch.Erases.ShouldBeFalse();
        _batch.Erase(ColumnFamily.Entries, [1], [3]);
        _batch.Replace(2, [4]);
        _batch.Erases.ShouldBeTrue();
        _batch.Changes.Select(change => change.IsErasure).ShouldBe([false, false, true]);
    }
}
