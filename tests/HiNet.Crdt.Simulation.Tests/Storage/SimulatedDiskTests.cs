using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Storage;

namespace HiNet.Crdt.Simulation.Tests.Storage;

public sealed class SimulatedDiskTests
{
    [Fact]
    public void It_holds_what_a_sorted_dictionary_holds() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<int[]>(),
            numbers =>
            {
                var disk = new SimulatedDisk();
                SortedDictionary<ushort, byte> model = [];
                foreach (var number in numbers)
                {
                    Change(disk, model, (ushort)(number * 7919), (number & 3) != 0);
                }

                return Matches(disk, model);
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void It_holds_ten_thousand_keys_in_any_order()
    {
        var disk = new SimulatedDisk();
        SortedDictionary<ushort, byte> model = [];
        for (var i = 0; i < 30_000; i++)
        {
            Change(disk, model, (ushort)(i * 40_503), i % 3 != 0);
        }

        Matches(disk, model).ShouldBeTrue();
    }

    [Theory]
    [InlineData(2, 5, false, new byte[] { 2, 3, 4 })]
    [InlineData(2, 5, true, new byte[] { 4, 3, 2 })]
    [InlineData(5, 2, false, new byte[0])]
    [InlineData(0, 0, true, new byte[] { 9, 8, 7, 6, 5, 4, 3, 2, 1 })]
    [InlineData(8, 0, false, new byte[] { 8, 9 })]
    public void A_scan_keeps_to_its_range_in_its_direction(byte from, byte until, bool reverse, byte[] expected)
    {
        var disk = Digits();
        using var walk = disk.Scan(ColumnFamily.Meta, from == 0 ? [] : [from], until == 0 ? [] : [until], reverse);
        Keys(walk).ShouldBe(expected);
    }

    [Fact]
    public void A_scan_does_not_see_later_writes()
    {
        var disk = Digits();
        using var walk = disk.Scan(ColumnFamily.Meta, default, default);
        walk.MoveNext().ShouldBeTrue();
        walk.MoveNext().ShouldBeTrue();
        var batch = new WriteBatch();
        batch.Delete(ColumnFamily.Meta, [3]);
        batch.Put(ColumnFamily.Meta, [4], [99]);
        batch.Put(ColumnFamily.Meta, [10], [10]);
        disk.Commit(batch);

        Keys(walk).ShouldBe([3, 4, 5, 6, 7, 8, 9]);
        using var later = disk.Scan(ColumnFamily.Meta, default, default);
        Keys(later).ShouldBe([1, 2, 4, 5, 6, 7, 8, 9, 10]);
    }

    [Fact]
    public void A_value_that_was_read_may_be_changed_without_harm()
    {
        var disk = Digits();
        disk.TryGet(ColumnFamily.Meta, [3], out var value).ShouldBeTrue();
        value[0] = 77;
        disk.TryGet(ColumnFamily.Meta, [3], out var again).ShouldBeTrue();
        again[0].ShouldBe((byte)3);
    }

    [Fact]
    public void An_unreadable_disk_says_so_to_its_node_and_to_nobody_else()
    {
        var disk = Digits();
        disk.IsUnreadable = true;
        var store = new MachineStore(disk);
        Should.Throw<StoreException>(() => store.TryGet(ColumnFamily.Meta, [3], out _));
        Should.Throw<StoreException>(() => store.Scan(ColumnFamily.Meta, default, default));
        disk.TryGet(ColumnFamily.Meta, [3], out _).ShouldBeTrue();
    }

    private static SimulatedDisk Digits()
    {
        var disk = new SimulatedDisk();
        var batch = new WriteBatch();
        for (byte digit = 1; digit <= 9; digit++)
        {
            batch.Put(ColumnFamily.Meta, [digit], [digit]);
        }

        disk.Commit(batch);
        return disk;
    }

    private static List<byte> Keys(IStoreIterator walk)
    {
        List<byte> keys = [];
        while (walk.MoveNext())
        {
            keys.Add(walk.Key[0]);
        }

        return keys;
    }

    private static void Change(SimulatedDisk disk, SortedDictionary<ushort, byte> model, ushort key, bool put)
    {
        var batch = new WriteBatch();
        byte[] bytes = [(byte)(key >> 8), (byte)key];
        if (put)
        {
            batch.Put(ColumnFamily.Timeline, bytes, [(byte)key]);
            model[key] = (byte)key;
        }
        else
        {
            batch.Delete(ColumnFamily.Timeline, bytes);
            model.Remove(key);
        }

        disk.Commit(batch);
    }

    private static bool Matches(SimulatedDisk disk, SortedDictionary<ushort, byte> model)
    {
        List<(ushort, byte)> Walk(bool reverse)
        {
            List<(ushort, byte)> found = [];
            using var walk = disk.Scan(ColumnFamily.Timeline, default, default, reverse);
            while (walk.MoveNext())
            {
                found.Add(((ushort)((walk.Key[0] << 8) | walk.Key[1]), walk.Value[0]));
            }

            return found;
        }

        var expected = model.Select(pair => (pair.Key, pair.Value)).ToList();
        var isSame = Walk(false).SequenceEqual(expected);
        expected.Reverse();
        return isSame && Walk(true).SequenceEqual(expected) && disk.Count(ColumnFamily.Timeline) == model.Count;
    }
}
