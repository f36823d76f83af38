using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>Entries from the future wait in a bounded list, the nearest first.</summary>
public sealed class ReplicaParkingTests
{
    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob", new NodeCoreOptions { Bounds = EngineBounds.Default with { ParkedEntries = 2 } });

    public ReplicaParkingTests() => ReplicaDevice.Group(_alice, _bob);

    [Fact]
    public void The_nearest_is_due_first_and_the_clock_is_asked_once_a_minute_at_least()
    {
        _bob.Replica.ParkedDeadline(_bob.Now).ShouldBe(Instant.Never);
        Park(90_000);
        _bob.Replica.ParkedDeadline(_bob.Now).ShouldBe(_bob.Now + TimeSpan.FromMinutes(1));
        Park(59_999);
        _bob.Replica.ParkedDeadline(_bob.Now).ShouldBe(_bob.Now + TimeSpan.FromMilliseconds(59_999));
        _bob.Now += TimeSpan.FromMilliseconds(70_000);
        _bob.Replica.ParkedDeadline(_bob.Now).ShouldBe(_bob.Now);
        _bob.Counts["hinet.log.parked"].ShouldBe(2);
        _bob.Announced.OfType<EntriesParked>().Count().ShouldBe(2);
    }

    [Fact]
    public void The_farthest_gives_way_to_a_nearer_one_and_to_no_other()
    {
        var far = Park(50_000);
        var near = Park(20_000);
        var equal = Park(50_000);
        Parked(far, near, equal).ShouldBe([true, true, false]);
        var farther = Park(60_000);
        Parked(far, near, farther).ShouldBe([true, true, false]);
        var nearer = Park(40_000);
        Parked(far, near, nearer).ShouldBe([false, true, true]);
        _bob.Hits("bound.parked.runs").ShouldBe(3);
        _bob.Counts["hinet.log.parked"].ShouldBe(3);
    }

    [Fact]
    public void What_is_parked_shares_its_room_with_what_is_parked_elsewhere()
    {
        var bob = new ReplicaDevice("bob", new NodeCoreOptions { Bounds = EngineBounds.Default with { WaitingBytes = 17_000 } });
        bob.Join(_alice);
        bob.Receive(_alice.Everything());
        var (far, near, nearer) = (Long(60_000), Long(50_000), Long(20_000));
        bob.Offer(_alice.Sign(far));
        bob.Offer(_alice.Sign(near));
        bob.Replica.ParkedCount.ShouldBe(2, "3,000 bytes each, of which two are not half");
        bob.Services.Parked.Note(2_000);
        bob.Offer(_alice.Sign(nearer));
        bob.Replica.ParkedCount.ShouldBe(2);
        bob.Replica.IsParked(nearer.Id).ShouldBeTrue();

        bob.Services.Parked.Note(10_000);
        var nearest = Long(10_000);
        bob.Offer(_alice.Sign(nearest));
        bob.Replica.ParkedCount.ShouldBe(0, "nothing is left for it");
        bob.Services.Parked.Used.ShouldBe(12_000 + (2 * 1_024), "and of those that were turned away two are remembered");
        bob.Replica.WaitsOnlyForItsTime(nearest.Id, []).ShouldBeTrue();
    }

    [Fact]
    public void The_farthest_gives_way_too_when_what_is_parked_takes_too_many_bytes()
    {
        var bob = new ReplicaDevice("bob", new NodeCoreOptions { Bounds = EngineBounds.Default with { ParkedBytes = 4_000 } });
        bob.Join(_alice);
        bob.Receive(_alice.Everything());
        var (far, farther, near) = (Long(50_000), Long(60_000), Long(20_000));
        bob.Offer(_alice.Sign(far));
        bob.Offer(_alice.Sign(farther));
        bob.Replica.ParkedCount.ShouldBe(1, "3,000 bytes each");
        bob.Replica.IsParked(far.Id).ShouldBeTrue();
        bob.Offer(_alice.Sign(near));
        bob.Replica.ParkedCount.ShouldBe(1);
        bob.Replica.IsParked(near.Id).ShouldBeTrue();
        bob.Hits("bound.parked.runs").ShouldBe(2);
    }

    [Fact]
    public void What_finds_no_room_waits_for_its_time_too_and_is_wanted_when_that_has_come()
    {
        var near = Park(20_000);
        var middle = Park(30_000);
        var far = Park(40_000);
        var nearer = Park(10_000);
        Parked(near, middle, far, nearer).ShouldBe([true, false, false, true]);
        foreach (var id in new[] { near, middle, far, nearer })
        {
            _bob.Replica.WaitsOnlyForItsTime(id, []).ShouldBeTrue();
        }

        _bob.Now += TimeSpan.FromMilliseconds(30_000);
        _bob.Replica.Unpark(_bob.Now);
        _bob.Replica.WaitsOnlyForItsTime(middle, []).ShouldBeFalse("it is due");
        _bob.Replica.WaitsOnlyForItsTime(far, []).ShouldBeTrue();
        _bob.Replica.ParkedDeadline(_bob.Now).ShouldBe(_bob.Now + TimeSpan.FromMilliseconds(10_000));
    }

    [Fact]
    public void What_is_due_is_taken_up_and_the_record_says_so_whatever_becomes_of_it()
    {
        var bad = _alice.Forge(EntryKind.Message, new MessageBody(), header => header with { Hlc = Ahead(10_000), Depth = header.Depth + 1 });
        _bob.Offer(_alice.Sign(bad));
        _bob.Now += TimeSpan.FromMilliseconds(9_999);
        var before = _bob.Changes;
        _bob.Replica.Unpark(_bob.Now);
        _bob.Changes.ShouldBe(before);
        _bob.Replica.ParkedCount.ShouldBe(1);
        _bob.Now += TimeSpan.FromMilliseconds(1);
        _bob.Replica.Unpark(_bob.Now);
        _bob.Changes.ShouldBe(before + 1);
        _bob.Replica.ParkedCount.ShouldBe(0);
        _bob.Replica.IsRefused(bad.Id).ShouldBeTrue();
    }

    [Fact]
    public void What_is_here_waits_for_nothing()
    {
        var said = _alice.Say("hello");
        _bob.Receive(said);
        Park(10_000);
        _bob.Replica.WaitsOnlyForItsTime(said[^1].Last.Id, []).ShouldBeFalse();
    }

    [Fact]
    public void What_stands_behind_something_that_was_refused_waits_only_for_its_time()
    {
        var bad = _alice.Forge(EntryKind.Message, new MessageBody(), header => header with { Depth = header.Depth + 1 });
        var (early, lost) = (Behind(bad.Id), Behind(TestKeys.Entry("never came")));
        _bob.Offer(_alice.Sign(bad), _alice.Sign(early), _alice.Sign(lost));
        _bob.Replica.IsRefused(bad.Id).ShouldBeTrue();
        _bob.Replica.WaitsOnlyForItsTime(early.Id, []).ShouldBeTrue();
        _bob.Replica.WaitsOnlyForItsTime(lost.Id, []).ShouldBeFalse();

        Entry Behind(EntryId id) => _alice.Forge(
            EntryKind.Message, new MessageBody(), header => header with { Hlc = Ahead(10_000), Seq = header.Seq + 1, Depth = header.Depth + 1, Previous = id });
    }

    [Fact]
    public void Each_of_many_that_stand_behind_each_other_in_many_ways_is_looked_at_once()
    {
        // With two on each step, and each behind both of the step before, there are 2^40 ways down.
        var carol = new ReplicaDevice("carol");
        carol.Join(_alice);
        carol.Receive(_alice.Everything());
        EntryId[] step = [_alice.Say("hello")[^1].Last.Id];
        carol.Receive(_alice.Everything());
        for (var i = 0UL; i < 40; i++)
        {
            Entry[] next = [.. Enumerable.Range(0, 2).Select(j => _alice.Forge(EntryKind.Message, new MessageBody { Text = $"{j}" }, header => header with
            {
                Hlc = Ahead(10_000 + (int)i),
                Seq = header.Seq + i,
                Depth = header.Depth + i,
                Previous = step[0],
                Parents = step[1..],
            }))];
            carol.Offer([.. next.Select(entry => _alice.Sign(entry))]);
            step = [.. next.Select(entry => entry.Id)];
        }

        carol.Replica.ParkedCount.ShouldBe(80);
        step.ShouldAllBe(id => carol.Replica.WaitsOnlyForItsTime(id, new Dictionary<EntryId, bool>()));
    }

    // 3,000 bytes, about.
    private Entry Long(int ahead) =>
        _alice.Forge(EntryKind.Message, new MessageBody { Text = new string('x', 2_700) }, header => header with { Hlc = Ahead(ahead) });

    private EntryId Park(int milliseconds)
    {
        var entry = _alice.Forge(EntryKind.Message, new MessageBody { Text = $"{_parked++}" }, header => header with { Hlc = Ahead(milliseconds) });
        _bob.Offer(_alice.Sign(entry));
        return entry.Id;
    }

    private int _parked;

    private IEnumerable<bool> Parked(params EntryId[] ids) => ids.Select(_bob.Replica.IsParked);

    private HybridTimestamp Ahead(int milliseconds) =>
        HybridTimestamp.FromMilliseconds(_bob.Wall + (long)Limits.FutureTolerance.TotalMilliseconds + milliseconds);
}
