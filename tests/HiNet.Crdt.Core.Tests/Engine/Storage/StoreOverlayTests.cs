using HiNet.Crdt.Core.Engine.Storage;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Engine.Storage;

/// <summary>What is read is the store as it will be; only what is durable is left to a store.</summary>
public sealed class StoreOverlayTests
{
    private const ColumnFamily Family = ColumnFamily.Conversations;

    private readonly MemoryStore _durable = new();
    private readonly Cost _cost = new();
    private readonly StoreOverlay _store;

    public StoreOverlayTests() => _store = new StoreOverlay(_durable, _cost);

    [Fact]
    public void A_key_is_read_as_what_was_put_last_whether_durable_in_flight_or_neither()
    {
        Put(1, 10);
        Put(2, 20);
        Put(3, 30);
        Persist();
        Put(2, 21);
        Put(3, 31);
        _store.Delete(Family, [4]);
        _store.Seal();
        Put(3, 32);
        Rows().ShouldBe([(1, 10), (2, 21), (3, 32)]);
        _store.Delete(Family, [2]);
        Put(4, 40);
        Rows().ShouldBe([(1, 10), (3, 32), (4, 40)]);
        foreach (var (key, value) in new[] { (1, 10), (2, -1), (3, 32), (4, 40), (5, -1) })
        {
            (_store.TryGet(Family, [(byte)key], out var found) ? found[0] : -1).ShouldBe(value);
        }

        _store.TryGet(ColumnFamily.Entries, [3], out _).ShouldBeFalse();
    }

    [Fact]
    public void A_range_is_what_a_walk_over_everything_finds_however_often_it_is_asked_for_meanwhile()
    {
        var random = new Random(7);
        var model = new SortedDictionary<byte, byte>();
        for (var i = 0; i < 2_000; i++)
        {
            var key = (byte)random.Next(64);
            switch (random.Next(8))
            {
                case 0:
                    _store.Delete(Family, [key]);
                    model.Remove(key);
                    break;
                case 1 when i % 5 == 0:
                    Persist();
                    break;
                case 2:
                    var (from, until) = ((byte)random.Next(64), (byte)random.Next(1, 65));
                    using (var rows = _store.Scan(Family, [from], until == 64 ? [] : [until]))
                    {
                        var found = new List<(byte, byte)>();
                        while (rows.MoveNext())
                        {
                            found.Add((rows.Key[0], rows.Value[0]));
                        }

                        found.ShouldBe(model.Where(row => row.Key >= from && (until == 64 || row.Key < until)).Select(row => (row.Key, row.Value)));
                    }

                    break;
                default:
                    Put(key, (byte)i);
                    model[key] = (byte)i;
                    break;
            }
        }
    }

    [Fact]
    public void The_first_key_is_found_whether_durable_in_flight_or_neither_without_a_look_at_what_is_behind_it()
    {
        for (var key = 10; key < 200; key++)
        {
            Put(key, 1);
        }

        Persist();
        First().ShouldBe(10);
        Rows(() => First()).ShouldBe(1);
        Put(12, 2);
        First().ShouldBe(10);
        _store.Delete(Family, [10]);
        _store.Seal();
        First().ShouldBe(11);
        _store.Delete(Family, [11]);
        First().ShouldBe(12);
        _store.Delete(Family, [12]);
        First().ShouldBe(13);
        Put(5, 1);
        First().ShouldBe(5);
        _store.FirstKey(Family, [6], [13]).ShouldBeNull();
        _store.FirstKey(Family, [200], []).ShouldBeNull();

        int? First() => _store.FirstKey(Family, [1], [])?[0];

        long Rows(Func<int?> read)
        {
            var before = _cost[CostKind.Row];
            read();
            return _cost[CostKind.Row] - before;
        }
    }

    [Fact]
    public void What_is_in_flight_is_read_whether_or_not_something_came_after_it()
    {
        Put(1, 10);
        Put(2, 20);
        Persist();
        Put(1, 11);
        _store.Delete(Family, [2]);
        _store.Seal();
        ShouldBeInFlight();
        Put(3, 30);
        ShouldBeInFlight();

        void ShouldBeInFlight()
        {
            _store.TryGet(Family, [1], out var found).ShouldBeTrue();
            found.ShouldBe([11]);
            _store.TryGet(Family, [2], out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_range_begins_with_its_first_key_and_ends_before_its_last()
    {
        foreach (var isDurable in new[] { true, false })
        {
            for (var key = 3; key < 8; key++)
            {
                Put(key, key * 10);
            }

            Rows([4], [7]).ShouldBe([(4, 40), (5, 50), (6, 60)]);
            Rows([4], [7], reverse: true).ShouldBe([(6, 60), (5, 50), (4, 40)]);
            Rows([6], []).ShouldBe([(6, 60), (7, 70)]);
            Rows([8], []).ShouldBeEmpty();
            if (isDurable)
            {
                Persist();
            }
        }
    }

    [Fact]
    public void A_range_is_merged_also_from_the_batch_in_flight()
    {
        Put(3, 30);
        Put(5, 50);
        Put(6, 60);
        _store.Seal();
        Put(2, 20);
        Put(4, 40);
        Put(7, 70);
        Rows([3], [6]).ShouldBe([(3, 30), (4, 40), (5, 50)]);
    }

    [Fact]
    public void Batches_follow_one_another_and_each_has_only_its_own_changes()
    {
        for (var i = 0; i < 4; i++)
        {
            Put(i, i);
            _store.HasChanges.ShouldBeTrue();
            var batch = _store.Seal();
            batch.Changes.ShouldHaveSingleItem().Key.ShouldBe([(byte)i]);
            _store.HasChanges.ShouldBeFalse();
            Put(100 + i, i);
            _durable.Write(batch);
            _store.Settle();
            Rows([100], []).ShouldBe([.. Enumerable.Range(0, i + 1).Select(k => (100 + k, k))]);
            Persist();
        }

        Rows([], [100]).ShouldBe([(0, 0), (1, 1), (2, 2), (3, 3)]);
    }

    [Fact]
    public void Each_read_costs_a_row_and_a_range_each_of_its_rows()
    {
        Put(1, 10);
        Put(2, 20);
        Persist();
        Put(3, 30);
        var before = _cost[CostKind.Row];
        _store.TryGet(Family, [1], out _);
        _store.TryGet(Family, [9], out _);
        _cost[CostKind.Row].ShouldBe(before + 2);
        Rows();
        _cost[CostKind.Row].ShouldBe(before + 5);
    }

    private void Put(int key, int value) => _store.Put(Family, [(byte)key], [(byte)value]);

    private void Persist()
    {
        _durable.Write(_store.Seal());
        _store.Settle();
    }

    private List<(int Key, int Value)> Rows() => Rows([], []);

    private List<(int Key, int Value)> Rows(byte[] from, byte[] until, bool reverse = false)
    {
        var rows = new List<(int, int)>();
        using var iterator = _store.Scan(Family, from, until, reverse);
        while (iterator.MoveNext())
        {
            rows.Add((iterator.Key[0], iterator.Value[0]));
        }

        return rows;
    }
}
