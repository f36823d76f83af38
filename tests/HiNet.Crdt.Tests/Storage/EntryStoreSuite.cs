using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Storage;

namespace HiNet.Crdt.Tests.Storage;

/// <summary>What every store does: each implementation derives a class and passes all of it.</summary>
public abstract partial class EntryStoreSuite
{
    /// <summary>A provider of a store that nobody has opened yet.</summary>
    protected abstract StoreProvider NewProvider();

    [Fact]
    public async Task A_written_value_is_read_back_and_an_absent_key_is_not_found()
    {
        await using var store = NewProvider().Open();
        store.Write(new WriteBatch().Put(ColumnFamily.Entries, "key", "value"), sync: true);

        store.Get(ColumnFamily.Entries, "key").ShouldBe("value");
        store.Get(ColumnFamily.Entries, "ke").ShouldBeNull();
        store.Get(ColumnFamily.Entries, "key2").ShouldBeNull();
        store.Get(ColumnFamily.Timeline, "key").ShouldBeNull();
    }

    [Fact]
    public async Task Every_column_family_keeps_its_own_keys()
    {
        await using var store = NewProvider().Open();
        var batch = new WriteBatch();
        foreach (var family in Enum.GetValues<ColumnFamily>())
        {
            batch.Put(family, "key", family.ToString());
        }

        store.Write(batch, sync: false);

        foreach (var family in Enum.GetValues<ColumnFamily>())
        {
            store.Get(family, "key").ShouldBe(family.ToString());
        }
    }

    [Fact]
    public async Task An_empty_key_and_an_empty_value_are_kept()
    {
        await using var store = NewProvider().Open();
        store.Write(new WriteBatch().Put(ColumnFamily.Entries, "", "of the empty key").Put(ColumnFamily.Entries, "k", ""), sync: false);

        store.Get(ColumnFamily.Entries, "").ShouldBe("of the empty key");
        store.Get(ColumnFamily.Entries, "k").ShouldBe("");
        store.Keys(ColumnFamily.Entries).ShouldBe(["", "k"]);
    }

    [Fact]
    public async Task Within_a_batch_the_later_change_to_a_key_wins()
    {
        await using var store = NewProvider().Open();
        var batch = new WriteBatch().Put(ColumnFamily.Chains, "a", "1").Put(ColumnFamily.Chains, "a", "2").Put(ColumnFamily.Chains, "b", "1");
        batch.Delete(ColumnFamily.Chains, StoreReading.Bytes("b"));
        batch.Delete(ColumnFamily.Chains, StoreReading.Bytes("c"));
        batch.Put(ColumnFamily.Chains, "c", "3");
        store.Write(batch, sync: false);

        store.Get(ColumnFamily.Chains, "a").ShouldBe("2");
        store.Get(ColumnFamily.Chains, "b").ShouldBeNull();
        store.Get(ColumnFamily.Chains, "c").ShouldBe("3");
    }

    [Fact]
    public async Task Keys_are_walked_in_unsigned_byte_order_and_a_prefix_comes_first()
    {
        await using var store = NewProvider().Open();
        string[] ordered = ["\0", "\0\0", "a", "a\0", "aa", "b", "\u007f", "\u0080", "\u00ff", "\u00ff\u00ff"];
        var batch = new WriteBatch();
        foreach (var key in ordered.Reverse())
        {
            batch.Put(ColumnFamily.Timeline, key, key);
        }

        store.Write(batch, sync: false);

        store.Keys(ColumnFamily.Timeline).ShouldBe(ordered);
        store.Keys(ColumnFamily.Timeline, reverse: true).ShouldBe(ordered.Reverse());
    }

    [Fact]
    public async Task A_range_includes_its_lower_bound_and_excludes_its_upper_in_both_directions()
    {
        await using var store = NewProvider().Open();
        var batch = new WriteBatch();
        foreach (var key in "bdfh")
        {
            batch.Put(ColumnFamily.Timeline, key.ToString(), "");
        }

        store.Write(batch, sync: false);

        store.Keys(ColumnFamily.Timeline, "d", "h").ShouldBe(["d", "f"]);
        store.Keys(ColumnFamily.Timeline, "d", "h", reverse: true).ShouldBe(["f", "d"]);
        store.Keys(ColumnFamily.Timeline, "c", "g").ShouldBe(["d", "f"]);
        store.Keys(ColumnFamily.Timeline, "c", "g", reverse: true).ShouldBe(["f", "d"]);
        store.Keys(ColumnFamily.Timeline, from: "f").ShouldBe(["f", "h"]);
        store.Keys(ColumnFamily.Timeline, until: "f", reverse: true).ShouldBe(["d", "b"]);
        store.Keys(ColumnFamily.Timeline, "i", "z").ShouldBeEmpty();
        store.Keys(ColumnFamily.Timeline, "a", "b", reverse: true).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_range_that_ends_where_it_begins_or_before_is_empty(bool reverse)
    {
        await using var store = NewProvider().Open();
        store.Write(new WriteBatch().Put(ColumnFamily.Timeline, "b", "").Put(ColumnFamily.Timeline, "c", ""), sync: false);

        store.Keys(ColumnFamily.Timeline, "b", "b", reverse).ShouldBeEmpty();
        store.Keys(ColumnFamily.Timeline, "c", "b", reverse).ShouldBeEmpty();
        store.Keys(ColumnFamily.Parked, reverse: reverse).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_iterator_that_has_ended_stays_at_its_end(bool reverse)
    {
        await using var store = NewProvider().Open();
        store.Write(new WriteBatch().Put(ColumnFamily.Timeline, "b", "value"), sync: false);
        using var iterator = store.Scan(ColumnFamily.Timeline, [], [], reverse);

        iterator.MoveNext().ShouldBeTrue();
        iterator.MoveNext().ShouldBeFalse();
        iterator.MoveNext().ShouldBeFalse();
        iterator.Key.IsEmpty.ShouldBeTrue();
        iterator.Value.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task A_value_that_was_read_is_the_callers_own()
    {
        await using var store = NewProvider().Open();
        store.Write(new WriteBatch().Put(ColumnFamily.Contacts, "k", "value"), sync: false);

        store.TryGet(ColumnFamily.Contacts, "k"u8, out var first).ShouldBeTrue();
        first.AsSpan().Clear();

        store.Get(ColumnFamily.Contacts, "k").ShouldBe("value");
    }

    [Fact]
    public async Task An_erased_value_is_replaced_at_once()
    {
        await using var store = NewProvider().Open();
        store.Write(new WriteBatch().Put(ColumnFamily.Entries, "k", "secret").Put(ColumnFamily.Entries, "l", "other"), sync: true);
        var batch = new WriteBatch();
        batch.Erase(ColumnFamily.Entries, StoreReading.Bytes("k"), StoreReading.Bytes("gone"));
        store.Write(batch, sync: true);

        store.Get(ColumnFamily.Entries, "k").ShouldBe("gone");
        store.ReclaimErased();
        store.Get(ColumnFamily.Entries, "k").ShouldBe("gone");
        store.Get(ColumnFamily.Entries, "l").ShouldBe("other");
        store.GetStatistics().PendingErasures.ShouldBe(0);
    }

    [Fact]
    public async Task Reclaiming_when_nothing_was_erased_changes_nothing()
    {
        await using var store = NewProvider().Open();
        store.ReclaimErased();
        store.Write(new WriteBatch().Put(ColumnFamily.Entries, "k", "value"), sync: false);
        store.ReclaimErased();

        store.Get(ColumnFamily.Entries, "k").ShouldBe("value");
    }

    [Fact]
    public async Task Statistics_count_keys_and_bytes()
    {
        await using var store = NewProvider().Open();
        var before = store.GetStatistics();
        store.Write(new WriteBatch().Put(ColumnFamily.Entries, "k", new string('x', 1000)), sync: true);
        var after = store.GetStatistics();

        (after.EstimatedKeys - before.EstimatedKeys).ShouldBe(1);
        (after.StoredBytes - before.StoredBytes).ShouldBeGreaterThanOrEqualTo(1000);
    }
}
