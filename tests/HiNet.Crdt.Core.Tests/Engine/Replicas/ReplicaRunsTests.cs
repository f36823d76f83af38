using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>What goes out is what is durable, from where the other end is, and is not read again for each link.</summary>
public sealed class ReplicaRunsTests
{
    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob");

    public ReplicaRunsTests() => ReplicaDevice.Group(_alice, _bob);

    [Fact]
    public void What_is_new_comes_without_a_read_and_what_is_older_from_the_store()
    {
        Fill(40);
        var last = _alice.Replica.DurableArrival;
        for (var after = last - 34; after <= last + 2; after++)
        {
            foreach (var limit in new[] { 1, 5, int.MaxValue })
            {
                var before = _alice.Cost[CostKind.Row];
                var arrivals = _alice.Replica.Arrivals(after, limit).ToList();
                var expected = Enumerable.Range(1, 40).Select(i => after + (ulong)i).Where(arrival => arrival <= last).Take(limit).ToList();
                arrivals.Select(arrived => arrived.Arrival).ShouldBe(expected);
                arrivals.Select(arrived => arrived.Entry.Id).ShouldAllBe(id => _alice.Replica.Knows(id));
                arrivals.ShouldAllBe(arrived => _alice.Replica.FindInfo(arrived.Entry.Id)!.Arrival == arrived.Arrival);
                (_alice.Cost[CostKind.Row] - before).ShouldBe(after < last - 32 ? expected.Count : 0, $"{last - after} back");
            }
        }
    }

    [Fact]
    public void What_is_in_the_store_and_not_settled_does_not_go_out()
    {
        Fill(40);
        var last = _alice.Replica.DurableArrival;
        _alice.Replica.AppendControl(EntryKind.Merge, new Protocol.DeleteBody(), _alice.Now);
        _alice.WriteUnsettled();
        _alice.Replica.Arrivals(0, int.MaxValue).Last().Arrival.ShouldBe(last);
        _alice.Replica.Arrivals(last - 1, int.MaxValue).Single().Arrival.ShouldBe(last);
        _alice.Replica.Arrivals(last, int.MaxValue).ShouldBeEmpty();
        _alice.Replica.ArrivalBefore(_ => 1_000).ShouldBe(last);
    }

    [Fact]
    public void It_begins_before_the_first_entry_that_the_other_end_lacks_of_any_device()
    {
        _alice.Receive(_bob.Say("third"));
        Fill(3);
        _alice.Receive(_bob.Say("seventh"));
        var before = _alice.Cost[CostKind.Row];
        Before(alice: 4, bob: 1).ShouldBe(7UL, "nothing");
        _alice.Cost[CostKind.Row].ShouldBe(before);
        Before(alice: 4, bob: 0).ShouldBe(6UL);
        _alice.Cost[CostKind.Row].ShouldBe(before + 1);
        Before(alice: 3, bob: 0).ShouldBe(5UL);
        Before(alice: 2, bob: 1).ShouldBe(4UL);
        Before(alice: 4, bob: -1).ShouldBe(2UL);
        Before(alice: -1, bob: -1).ShouldBe(0UL);
        _alice.Replica.ReadHeader(7)!.Device.ShouldBe(_bob.Device);
        _alice.Replica.ReadHeader(8).ShouldBeNull();

        ulong Before(long alice, long bob) => _alice.Replica.ArrivalBefore(device => device == _alice.Device ? alice : bob);
    }

    [Fact]
    public void An_entry_that_is_damaged_in_the_store_does_not_go_out_and_is_named_with_its_conversation()
    {
        Fill(1);
        _alice.Restart();
        var batch = new WriteBatch();
        batch.Put(ColumnFamily.Entries, StoreKeys.Entry(_alice.Number, 2), EntryRecord.Encode(EntryFlags.None, [1, 2, 3], [], []));
        _alice.Store.Write(batch);
        Should.Throw<StoreException>(() => _alice.Replica.Arrivals(0, int.MaxValue).ToList()).Message.ShouldContain($"{_alice.Id} is damaged");
    }

    private void Fill(int entries)
    {
        for (var i = 0; i < entries; i++)
        {
            _alice.Say($"{i}");
        }
    }
}
