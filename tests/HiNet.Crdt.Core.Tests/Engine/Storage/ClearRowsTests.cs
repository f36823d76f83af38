using HiNet.Crdt.Core.Engine.Storage;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Storage;

/// <summary>A home from before is sealed batch by batch, and each row as it is by then.</summary>
public sealed class ClearRowsTests
{
    private static readonly HomeSecrets s_home =
        HomeSecrets.Create(TestKeys.Sodium, "alice", TestKeys.Named("alice").ToArray(), TestKeys.Named("agreement").ToArray());

    private readonly MemoryStore _durable = new();
    private readonly StoreOverlay _store;
    private readonly SealedRows _rows;

    public ClearRowsTests() => (_store, _rows) = (new StoreOverlay(_durable, new Cost()), new SealedRows(_durable, TestKeys.Sodium, s_home));

    [Fact]
    public void Each_kind_of_them_is_found_and_erased_and_nothing_else()
    {
        List<byte[]> clear = [];
        foreach (var (family, tag) in SealedRows.Kinds)
        {
            byte[] key = [(byte)tag, 1];
            clear.Add(key);
            Write(family, key, [10, 1]);
            Write(family, [(byte)tag, 2], _rows.Seal(family, [(byte)tag, 2], [10, 2]));
        }

        foreach (var tag in "sdahr")
        {
            Write(ColumnFamily.Conversations, [(byte)tag, 1], [10, 3]);
        }

        var batch = SealAll();
        batch.Changes.Select(change => change.Key).ShouldBe(clear);
        foreach (var change in batch.Changes)
        {
            change.IsErasure.ShouldBeTrue();
            SealedRows.IsSealed(change.Value).ShouldBeTrue();
            _rows.Open(change.Family, change.Key, change.Value).ShouldBe([10, 1]);
        }

        _durable.Write(batch);
        new ClearRows(_durable).Left.ShouldBe(0);
    }

    [Fact]
    public void A_batch_takes_so_many_rows()
    {
        for (var i = 0; i < (2 * ClearRows.RowsOfOneBatch) + 3; i++)
        {
            Write(ColumnFamily.Contacts, [(byte)'c', (byte)(i >> 8), (byte)i], [10]);
        }

        Batches().ShouldBe([ClearRows.RowsOfOneBatch, ClearRows.RowsOfOneBatch, 3]);
    }

    [Fact]
    public void A_batch_takes_so_many_bytes_and_a_row_in_any_case()
    {
        for (var i = 0; i < 5; i++)
        {
            Write(ColumnFamily.Conversations, [(byte)'m', 0, 0, 0, (byte)i], new byte[ClearRows.BytesOfOneBatch / 2]);
            _durable.TryGet(ColumnFamily.Conversations, [(byte)'m', 0, 0, 0, (byte)i], out var row).ShouldBeTrue();
            row![0] = 10;
        }

        Batches().ShouldBe([2, 2, 1]);
    }

    [Fact]
    public void A_row_that_was_written_or_deleted_since_is_sealed_as_it_is_or_stays_away()
    {
        Write(ColumnFamily.Contacts, "ca"u8.ToArray(), [10, 1]);
        Write(ColumnFamily.Contacts, "cb"u8.ToArray(), [10, 1]);
        var clear = new ClearRows(_durable);
        _store.Put(ColumnFamily.Contacts, "ca"u8.ToArray(), _rows.Seal(ColumnFamily.Contacts, "ca"u8, [10, 2]));
        _store.Delete(ColumnFamily.Contacts, "cb"u8.ToArray());
        _durable.Write(_store.Seal());
        clear.SealNext(_store, _rows);
        var change = _store.Seal().Changes.ShouldHaveSingleItem();
        change.IsErasure.ShouldBeTrue();
        _rows.Open(change.Family, change.Key, change.Value).ShouldBe([10, 2]);
    }

    private WriteBatch SealAll()
    {
        var clear = new ClearRows(_durable);
        clear.SealNext(_store, _rows);
        clear.Left.ShouldBe(0);
        return _store.Seal();
    }

    private List<int> Batches()
    {
        var clear = new ClearRows(_durable);
        List<int> batches = [];
        while (clear.Left > 0)
        {
            clear.SealNext(_store, _rows);
            var batch = _store.Seal();
            batches.Add(batch.Changes.Count);
            _durable.Write(batch);
            _store.Settle();
        }

        clear.SealNext(_store, _rows);
        _store.HasChanges.ShouldBeFalse();
        new ClearRows(_durable).Left.ShouldBe(0);
        return batches;
    }

    private void Write(ColumnFamily family, byte[] key, byte[] row)
    {
        var batch = new WriteBatch();
        batch.Put(family, key, row);
        _durable.Write(batch);
    }
}
