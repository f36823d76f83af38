using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>An applied entry can be proven to others, whatever becomes of the entry whose signature vouches for it.</summary>
public sealed class ReplicaTailsTests
{
    private static readonly TimeSpan s_future = TimeSpan.FromMinutes(6);

    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob", new NodeCoreOptions { CausalBufferEntries = 1 });
    private readonly ReplicaDevice _carol = new("carol");

    public ReplicaTailsTests() => ReplicaDevice.Group(_alice, _bob, _carol);

    [Theory]
    [InlineData("refused")]
    [InlineData("behind a refused one")]
    [InlineData("parked")]
    [InlineData("waiting")]
    [InlineData("bodyless")]
    public void The_rest_of_a_run_that_is_not_applied_is_kept_with_the_last_that_is(string fate)
    {
        var refused = _carol.Forge(EntryKind.Message, new MessageBody(), header => header with { Depth = header.Depth + 1 });
        _bob.Offer(_carol.Sign(refused));
        var good = Says(_alice, "good");
        var next = fate switch
        {
            "refused" => _alice.Forge(EntryKind.Message, new MessageBody(), header => header with { Depth = header.Depth + 1 }),
            "behind a refused one" => _alice.Forge(
                EntryKind.Message, new MessageBody(), header => header with { Parents = [refused.Id], Depth = header.Depth + 2 }),
            "parked" => _alice.Forge(EntryKind.Message, new MessageBody(), header => header with { Hlc = In(s_future) }),
            "waiting" => _alice.Forge(
                EntryKind.Message, new MessageBody(), header => header with { Parents = [new EntryId(Support.TestKeys.Named("never"))] }),
            _ => _alice.Forge(EntryKind.Merge, []).WithBody(null),
        };
        ShouldKeepTail(_bob, _alice.Sign(good, next), fate);
    }

    [Fact]
    public void What_waited_and_is_applied_is_proven_where_its_successor_had_to_go()
    {
        var dave = new ReplicaDevice("dave", new NodeCoreOptions { CausalBufferEntries = 2 });
        ReplicaDevice.Group(_alice, _carol, dave);
        var lost = _alice.Say("lost");
        var (first, second) = (Says(_alice, "first"), Says(_alice, "second"));
        dave.Receive(_alice.Sign(second));
        dave.Receive(_alice.Sign(first, second));
        _ = _carol.Say("unheard");
        dave.Receive(_carol.Say("waits"));
        dave.Counts["hinet.log.buffer.refused"].ShouldBe(1);
        dave.Replica.TailOf(first.Id).ShouldBeNull();
        dave.Receive(lost);
        dave.Replica.Knows(second.Id).ShouldBeFalse();
        ShouldBeTail(dave, first, second);
        dave.Restart();
        ShouldBeTail(dave, first, second);
    }

    [Fact]
    public void What_came_due_is_proven_where_its_successor_found_no_room()
    {
        var dave = new ReplicaDevice("dave", new NodeCoreOptions { Bounds = EngineBounds.Default with { ParkedEntries = 1 } });
        ReplicaDevice.Group(_alice, dave);
        _alice.Now += s_future;
        var (first, second) = (Says(_alice, "first"), Says(_alice, "second"));
        dave.Receive(_alice.Sign(first, second));
        dave.Replica.ParkedCount.ShouldBe(1);
        dave.Now += s_future;
        dave.Replica.Unpark(dave.Now);
        dave.Settle();
        dave.Replica.Knows(second.Id).ShouldBeFalse();
        ShouldBeTail(dave, first, second);
    }

    [Fact]
    public void The_last_of_a_run_that_waited_needs_no_tail()
    {
        var lost = _alice.Say("lost");
        var last = _alice.Say("last");
        _bob.Receive(last);
        _bob.Receive(lost);
        _bob.Replica.Knows(last[^1].Last.Id).ShouldBeTrue();
        _bob.Hits("log.tail.kept").ShouldBe(0);
        _bob.Stored(last[^1].Last.Id).Signature.ShouldBe(last[^1].Signature.ToArray());
    }

    [Fact]
    public void A_successor_that_waits_from_an_earlier_delivery_is_kept_as_the_tail_of_a_later_one()
    {
        var first = Says(_alice, "first");
        var unheard = _carol.Say("unheard");
        _alice.Receive(unheard);
        var second = Says(_alice, "second");
        second.Header.Parents.ShouldNotBeEmpty();
        _bob.Receive(_alice.Sign(second));
        _bob.Replica.BufferedCount.ShouldBe(1);
        ShouldKeepTail(_bob, _alice.Sign(first, second), "second waits for carol");
    }

    [Fact]
    public void A_successor_that_waits_already_is_no_tail_of_what_has_its_proof()
    {
        var unheard = _carol.Say("unheard");
        var first = Says(_alice, "first");
        _alice.Receive(unheard);
        var second = Says(_alice, "second");
        _bob.Offer(_alice.Sign(first));
        _bob.Offer(_alice.Sign(second));
        _bob.Replica.BufferedCount.ShouldBe(1);
        _bob.Receive(_alice.Sign(first, second));
        _bob.Replica.TailOf(first.Id).ShouldBeNull();
        _bob.Hits("log.tail.kept").ShouldBe(0);
    }

    [Fact]
    public void A_tail_is_erased_once_it_is_applied()
    {
        var unheard = _carol.Say("unheard");
        var first = Says(_alice, "first");
        _alice.Receive(unheard);
        var second = Says(_alice, "second");
        ShouldKeepTail(_bob, _alice.Sign(first, second), "it waits");
        _bob.Receive(unheard);
        _bob.Replica.Knows(second.Id).ShouldBeTrue();
        _bob.Store.TryGet(ColumnFamily.Parked, StoreKeys.Tail(_bob.Number, first.Id), out var value).ShouldBeTrue();
        value.ShouldBeEmpty();
    }

    [Fact]
    public void A_tail_is_read_for_none_of_the_branches_that_stand_in_its_place()
    {
        var good = Says(_alice, "good");
        var parked = _alice.Forge(EntryKind.Message, new MessageBody(), header => header with { Hlc = In(s_future) });
        _bob.Receive(_alice.Sign(good, parked));
        _bob.Replica.TailOf(good.Id).ShouldNotBeNull();
        _bob.Rows(ColumnFamily.Parked, StoreKeys.TailStart(_bob.Number, good.Id)).ShouldBe(1);

        // Were it read, it would be found to be damaged.
        var batch = new WriteBatch();
        batch.Put(ColumnFamily.Parked, StoreKeys.Tail(_bob.Number, good.Id), [1, 2, 3]);
        _bob.Store.Write(batch);
        var branch = _alice.Copied().Say("another branch");
        _bob.Receive(branch);
        _bob.Replica.Knows(branch[^1].Last.Id).ShouldBeTrue();
        _bob.Rows(ColumnFamily.Parked, StoreKeys.TailStart(_bob.Number, good.Id)).ShouldBe(1);
        _bob.Now += s_future;
        _bob.Replica.Unpark(_bob.Now);
        _bob.Settle();
        _bob.Rows(ColumnFamily.Parked, StoreKeys.TailStart(_bob.Number, good.Id)).ShouldBe(0);
    }

    [Fact]
    public void Another_branch_does_not_take_a_tail_away()
    {
        var first = Says(_alice, "first");
        var other = _alice.Copied();
        _alice.Receive(_carol.Say("unheard"));
        var second = Says(_alice, "second");
        ShouldKeepTail(_bob, _alice.Sign(first, second), "it waits");
        _bob.Receive(other.Say("another branch"));
        ShouldBeTail(_bob, first, second);
    }

    [Fact]
    public void What_is_durable_has_its_proof_and_gets_no_tail()
    {
        var first = Says(_alice, "first");
        _bob.Receive(_alice.Sign(first));
        var bad = _alice.Forge(EntryKind.Message, new MessageBody(), header => header with { Depth = header.Depth + 1 });
        _bob.Receive(_alice.Sign(first, bad));
        _bob.Replica.TailOf(first.Id).ShouldBeNull();
        _bob.Restart();
        var worse = _alice.Forge(EntryKind.Message, new MessageBody(), header => header with { Depth = header.Depth + 2 });
        _bob.Receive(_alice.Sign(first, worse));
        _bob.Replica.TailOf(first.Id).ShouldBeNull();
        _bob.Hits("log.tail.kept").ShouldBe(0);
    }

    private static Entry Says(ReplicaDevice device, string text) => device.Say(text)[^1].Last;

    private HybridTimestamp In(TimeSpan time) => HybridTimestamp.FromMilliseconds(_bob.Wall + (long)time.TotalMilliseconds);

    private static void ShouldKeepTail(ReplicaDevice device, SignedRun run, string why)
    {
        device.Receive(run);
        device.Replica.Knows(run.Entries[0].Id).ShouldBeTrue(why);
        device.Replica.Knows(run.Entries[1].Id).ShouldBeFalse(why);
        ShouldBeTail(device, run.Entries[0], run.Entries[1]);
        var kept = device.Hits("log.tail.kept");
        device.Settle();
        device.Hits("log.tail.kept").ShouldBe(kept, "once is enough");
    }

    private static void ShouldBeTail(ReplicaDevice device, Entry first, Entry second)
    {
        device.Stored(first.Id).Signature.ShouldBeEmpty();
        var tail = device.Replica.TailOf(first.Id).ShouldNotBeNull();
        tail.Entries.Select(entry => entry.Id).ShouldBe([second.Id]);
        tail.Signature.IsEmpty.ShouldBeFalse();
    }
}
