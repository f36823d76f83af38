using FsCheck;
using FsCheck.Fluent;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Log;

public sealed class HybridTimestampTests
{
    [Fact]
    public void A_new_reading_is_above_its_predecessor_and_not_below_the_clock() => Prop.ForAll(
        Generators.UInt64.ToArbitrary(),
        Generators.UInt64.Select(value => (long)value).ToArbitrary(),
        (predecessor, now) =>
        {
            var before = new HybridTimestamp(Math.Min(predecessor, ulong.MaxValue - 1));
            var after = HybridTimestamp.After(before, now);
            (after > before).ShouldBeTrue();
            (after >= HybridTimestamp.FromMilliseconds(now)).ShouldBeTrue();

            // And the least that is both.
            after.ShouldBe(HybridTimestamp.Max(before.Next(), HybridTimestamp.FromMilliseconds(now)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_clock_that_goes_back_takes_no_reading_back()
    {
        var reading = HybridTimestamp.After(default, 1_700_000_000_000);
        for (var now = 1_700_000_000_000; now > 1_699_999_990_000; now -= 1_000)
        {
            var next = HybridTimestamp.After(reading, now);
            (next > reading).ShouldBeTrue();
            reading = next;
        }

        reading.Milliseconds.ShouldBe(1_700_000_000_000);
        reading.Counter.ShouldBe(10);
    }

    [Fact]
    public void A_full_counter_runs_over_into_the_milliseconds()
    {
        var full = new HybridTimestamp((5UL << 16) | 0xffff);
        full.Next().ShouldBe(HybridTimestamp.FromMilliseconds(6));
    }

    [Fact]
    public void Times_outside_48_bits_become_the_nearest_that_fits()
    {
        HybridTimestamp.FromMilliseconds(-1).Value.ShouldBe(0UL);
        HybridTimestamp.FromMilliseconds(long.MaxValue).Milliseconds.ShouldBe((1L << 48) - 1);
        Should.Throw<InvalidOperationException>(() => new HybridTimestamp(ulong.MaxValue).Next());
    }

    [Fact]
    public void Every_reading_has_a_date()
    {
        new HybridTimestamp(ulong.MaxValue).ToDateTime().ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(253_402_300_799_999));
        HybridTimestamp.FromMilliseconds(1_700_000_000_123).ToDateTime().ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123));
    }

    [Fact]
    public void Order_is_by_reading_then_by_id()
    {
        var early = new EntryOrder(new HybridTimestamp(1), new EntryId(Generators.Drawn(1)));
        var late = new EntryOrder(new HybridTimestamp(2), default);
        (early < late).ShouldBeTrue();
        (late with { Id = early.Id } > late).ShouldBeTrue();
        early.CompareTo(early).ShouldBe(0);
    }

    [Fact]
    public void Operators_say_what_the_order_says()
    {
        EntryOrder[] orders = [new(new HybridTimestamp(1), default), new(new HybridTimestamp(2), default), new(new HybridTimestamp(2), new EntryId(Generators.Drawn(1)))];
        for (var i = 0; i < orders.Length; i++)
        {
            for (var j = 0; j < orders.Length; j++)
            {
                (orders[i] < orders[j], orders[i] <= orders[j], orders[i] > orders[j], orders[i] >= orders[j]).ShouldBe((i < j, i <= j, i > j, i >= j));
                var (one, other) = (new HybridTimestamp((ulong)i), new HybridTimestamp((ulong)j));
                (one < other, one <= other, one > other, one >= other).ShouldBe((i < j, i <= j, i > j, i >= j));
                HybridTimestamp.Max(one, other).Value.ShouldBe((ulong)Math.Max(i, j));
            }
        }
    }
}
