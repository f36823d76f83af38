using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Sync;
using HiNet.Crdt.Core.Tests.Engine.Replicas;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>What gathers from message to message, and where.</summary>
public sealed class OutboundRunsKeptTests
{
    private readonly ReplicaDevice _mallory = new("mallory");
    private readonly ReplicaDevice _bob = new("bob");
    private readonly SegmentWriter _writer = new();
    private ReplicaDevice _alice = null!;
    private RemoteState _remote = null!;
    private OutboundRuns _runs = null!;

    [Fact]
    public void A_new_start_leaves_nothing_of_what_has_gathered()
    {
        Group(horizon: 2);
        var before = _alice.Replica.DurableArrival;
        _alice.Receive(Burst(3));
        Begin(before);
        _runs.Fill(_writer).ShouldBeTrue();
        _runs.KeptBytes.ShouldBeGreaterThan(0);
        BeginRemote(before);
        _runs.Restart(before);
        while (!_runs.AtEnd)
        {
            _runs.Fill(_writer).ShouldBeTrue();
        }

        Written().ShouldHaveSingleItem().Entries.Count.ShouldBe(3);
        _runs.KeptBytes.ShouldBe(0);
    }

    [Fact]
    public void A_new_start_at_the_end_is_at_the_end_even_when_something_had_found_no_room()
    {
        Group(longest: 1);
        var before = _alice.Replica.DurableArrival;
        _alice.Receive(_mallory.Say("one"));
        _alice.Receive(_bob.Say("two"));
        Begin(before);
        _runs.Fill(_writer).ShouldBeTrue();
        _runs.Cursor.ShouldBe(_alice.Replica.DurableArrival);
        _runs.AtEnd.ShouldBeFalse();
        _runs.Restart(_alice.Replica.DurableArrival);
        _runs.AtEnd.ShouldBeTrue();
    }

    [Fact]
    public void One_entry_that_waits_for_its_signature_is_no_reason_to_stop()
    {
        Group(horizon: 1);
        var before = _alice.Replica.DurableArrival;
        _alice.Receive(Burst(3));
        Begin(before);
        for (var i = 0; i < 3; i++)
        {
            _writer.Length.ShouldBe(0);
            _runs.Fill(_writer).ShouldBeTrue();
        }

        Written().ShouldHaveSingleItem().Entries.Count.ShouldBe(3);
        _writer.Clear();
        _runs.Fill(_writer).ShouldBeFalse();
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(4, 0)]
    public void That_the_horizon_was_met_is_said_when_it_was(int horizon, int hits)
    {
        Group(horizon);
        var before = _alice.Replica.DurableArrival;
        _alice.Receive(Burst(3));
        Begin(before);
        _runs.Fill(_writer);
        _alice.Hits("bound.segment.horizon").ShouldBe(hits);
    }

    [Fact]
    public void What_has_gathered_is_looked_through_once_for_each_time_that_something_was_deleted()
    {
        Group(horizon: 2);
        var before = _alice.Replica.DurableArrival;
        var burst = Burst(9);
        _alice.Receive(burst);
        Begin(before);
        FillAndCountRows().ShouldBe(0);
        FillAndCountRows().ShouldBe(0);

        // A body that is gone weighs nothing any more, and its header does.
        _alice.Receive(_mallory.Delete(burst.Entries[0].Id));
        FillAndCountRows().ShouldBeGreaterThan(0);
        _runs.KeptBytes.ShouldBe(burst.Entries.Take(6).Sum(SizeOf) - burst.Entries[0].Body!.Value.Length);
        FillAndCountRows().ShouldBe(0);
        _writer.Length.ShouldBe(0);
        _runs.Fill(_writer);
        var run = Written()[0];
        run.Entries.Take(9).Select(entry => entry.Id).ShouldBe(burst.Entries.Select(entry => entry.Id));
        run.Entries.Count(entry => entry.Body is null).ShouldBe(1);
        run.Entries[0].Body.ShouldBeNull();
        _runs.KeptBytes.ShouldBe(0);

        long FillAndCountRows()
        {
            var rows = _alice.Cost[CostKind.Row];
            _runs.Fill(_writer).ShouldBeTrue();
            return _alice.Cost[CostKind.Row] - rows;
        }
    }

    [Fact]
    public void To_compare_all_devices_is_a_step_for_each()
    {
        Group();
        var before = _alice.Replica.DurableArrival;
        _alice.Receive(Burst(20));
        Begin(before);
        var heads = _alice.Cost[CostKind.Head];
        _runs.Fill(_writer).ShouldBeTrue();
        (_alice.Cost[CostKind.Head] - heads).ShouldBe(_alice.Replica.Devices.Count);
    }

    [Fact]
    public void A_branch_goes_on_in_its_own_place_although_another_is_free()
    {
        // Of one branch the first entry waits for the others, which wait for Bob's; the other branch comes in between.
        Group(horizon: 2);
        var before = _alice.Replica.DurableArrival;
        var (chain, others, bobs) = Branches(1);
        _alice.Receive(chain);
        _alice.Receive(others[0]);
        _alice.Receive(bobs);
        _alice.Replica.DurableArrival.ShouldBe(before + 5);
        Begin(before);
        while (!_runs.AtEnd)
        {
            _runs.Fill(_writer).ShouldBeTrue();
        }

        var written = Written();
        written.ShouldContain(run => run.Entries.Select(entry => entry.Id).SequenceEqual(chain.Entries.Select(entry => entry.Id)));
        written.Count.ShouldBe(3);
        _runs.KeptBytes.ShouldBe(0);
    }

    [Fact]
    public void A_branch_gathers_in_the_place_that_another_has_left()
    {
        Group(horizon: 4);
        var (chain, others, bobs) = Branches(2);
        _alice.Receive(others[0]);
        var before = _alice.Replica.DurableArrival - 3;
        _alice.Receive(chain);
        _alice.Receive(others[1]);
        _alice.Receive(bobs);
        _alice.Replica.DurableArrival.ShouldBe(before + 8);

        // The other end has the two before these.
        Begin(before, known: before + 2);
        _runs.Fill(_writer).ShouldBeTrue();
        Written().ShouldHaveSingleItem().Last.Id.ShouldBe(others[0].Last.Id);
        _writer.Clear();
        _runs.Fill(_writer).ShouldBeTrue();
        Written().Where(run => run.Device == _mallory.Device).Select(run => run.Last.Id).ShouldBe([others[1].Last.Id, chain.Last.Id]);
        _runs.AtEnd.ShouldBeTrue();
    }

    [Fact]
    public void A_tail_that_makes_a_run_as_chainas_runs_may_be_goes_along()
    {
        Group();
        _alice.Receive(Burst(SegmentRule.Period));
        _mallory.Replica.TryGetDevice(_mallory.Device, out var log).ShouldBeTrue();
        log!.MaxSeq.ShouldBe((ulong)SegmentRule.Period);
        var good = Burst(SegmentRule.Period - 1);
        var bad = _mallory.Forge(EntryKind.Message, new MessageBody { Text = "bad" }, header => header with { Depth = header.Depth + 1 });
        var before = _alice.Replica.DurableArrival;
        _alice.Receive(_mallory.Sign([.. good.Entries, bad]));
        _alice.Replica.DurableArrival.ShouldBe(before + SegmentRule.Period - 1);
        Begin(before);
        _runs.Fill(_writer).ShouldBeTrue();
        Written().ShouldHaveSingleItem().Entries.Count.ShouldBe(SegmentRule.Period);
        _runs.KeptBytes.ShouldBe(0);
    }

    [Fact]
    public void A_tail_that_would_make_a_run_too_long_does_not_go_along_and_nothing_waits_for_it()
    {
        Group(longest: 1);
        _bob.Device.CompareTo(_mallory.Device).ShouldBeGreaterThan(0, "what has room goes out first");
        for (var i = 0; i < SegmentRule.Period; i++)
        {
            _bob.Replica.AppendContent(EntryKind.Message, new MessageBody { Text = $"number {i}" }, _bob.Now);
        }

        Entry[] good = [.. _bob.Settle().SelectMany(run => run.Entries)];
        var bad = _bob.Forge(EntryKind.Message, new MessageBody { Text = "bad" }, header => header with { Depth = header.Depth + 1 });
        var before = _alice.Replica.DurableArrival;
        _alice.Receive([.. _mallory.Say("by mallory"), _bob.Sign([.. good, bad])]);
        _alice.Replica.TailOf(good[^1].Id).ShouldNotBeNull();
        Begin(before);
        _runs.Fill(_writer).ShouldBeTrue();
        Written().ShouldHaveSingleItem().Device.ShouldBe(_mallory.Device);
        _runs.AtEnd.ShouldBeTrue();

        // Nor when it has all the room.
        _writer.Clear();
        _runs.Fill(_writer).ShouldBeFalse();
        _writer.Length.ShouldBe(0);
    }

    [Fact]
    public void What_a_tail_vouches_for_and_finds_no_room_goes_with_the_next_message()
    {
        Group();
        for (var i = 0; i < 2; i++)
        {
            _bob.Replica.AppendContent(EntryKind.Message, new MessageBody { Text = $"number {i}" }, _bob.Now);
        }

        var good = _bob.Settle().ShouldHaveSingleItem();
        var bad = _bob.Forge(EntryKind.Message, new MessageBody { Text = "bad" }, header => header with { Depth = header.Depth + 1 });
        var before = _mallory.Say("by mallory").ShouldHaveSingleItem();
        _bob.Device.CompareTo(_mallory.Device).ShouldBeGreaterThan(0, "were the tail first, it would always fit");
        var longest = HostilePeer.Segments(before).Length + (int)good.Entries.Sum(SizeOf);
        _alice.Options = new NodeCoreOptions { Bounds = EngineBounds.Default with { SegmentMessageMaxBytes = longest } };
        _alice.Restart();
        var cursor = _alice.Replica.DurableArrival;
        _alice.Receive(before, _bob.Sign([.. good.Entries, bad]));
        Begin(cursor);
        _runs.Fill(_writer).ShouldBeTrue();
        Written().ShouldHaveSingleItem().Device.ShouldBe(_mallory.Device);
        _runs.AtEnd.ShouldBeFalse();
        _writer.Clear();
        _runs.Fill(_writer).ShouldBeTrue();
        Written().ShouldHaveSingleItem().Last.Id.ShouldBe(bad.Id);
        _runs.AtEnd.ShouldBeTrue();
    }

    private void Group(int horizon = Limits.SegmentHorizon, int longest = Limits.SegmentMessageMaxBytes)
    {
        _alice = new ReplicaDevice("alice", new NodeCoreOptions
        {
            Bounds = EngineBounds.Default with { SegmentHorizon = horizon, SegmentMessageMaxBytes = longest },
        });
        ReplicaDevice.Group(_alice, _mallory, _bob);

        // A device's first entry is signed whatever comes behind it.
        _alice.Receive([.. _mallory.Say("mallory's first"), .. _bob.Say("bob's first")]);
    }

    /// <summary>
    /// A run of three on one branch of Mallory's, whose second entry has seen Bob's, which is the last; and another branch, entry by entry.
    /// </summary>
    private (SignedRun Chain, SignedRun[] Others, SignedRun[] Bobs) Branches(int others)
    {
        _mallory.Receive(_bob.Everything());
        var copy = _mallory.Copied();
        var bobs = _bob.Say("by bob");
        _mallory.Replica.AppendContent(EntryKind.Message, new MessageBody { Text = "a0" }, _mallory.Now);
        _mallory.Offer(bobs);
        _mallory.Replica.AppendContent(EntryKind.Message, new MessageBody { Text = "a1" }, _mallory.Now);
        _mallory.Replica.AppendContent(EntryKind.Message, new MessageBody { Text = "a2" }, _mallory.Now);
        var chain = _mallory.Settle().ShouldHaveSingleItem();
        chain.Entries[1].Header.Parents.ShouldBe([bobs[^1].Last.Id]);
        return (chain, [.. Enumerable.Range(0, others).Select(i => copy.Say($"b{i}").ShouldHaveSingleItem())], bobs);
    }

    /// <summary>Entries of Mallory's under one signature.</summary>
    private SignedRun Burst(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _mallory.Replica.AppendContent(EntryKind.Message, new MessageBody { Text = $"number {i}" }, _mallory.Now);
        }

        return _mallory.Settle().ShouldHaveSingleItem();
    }

    private void Begin(ulong cursor, ulong? known = null)
    {
        BeginRemote(known ?? cursor);
        _runs = new OutboundRuns(_alice.Replica, _remote, _alice.Services) { Cursor = cursor };
    }

    /// <summary>The other end has everything up to an arrival.</summary>
    private void BeginRemote(ulong arrival)
    {
        _remote ??= new RemoteState(_alice.Services, device => _alice.Replica.TryGetDevice(device, out var log) ? log : null);
        _remote.Said(Frontier.Empty);
        _remote.Restart(_alice.Replica.Knows);
        foreach (var (_, entry, _) in _alice.Replica.Arrivals(0, (int)arrival))
        {
            _remote.Note(entry.Header, entry.Id);
        }

        if (_alice.Replica.HasForks)
        {
            _remote.MarkForked(_mallory.Device);
            foreach (var (_, entry, _) in _alice.Replica.Arrivals(0, (int)arrival))
            {
                _remote.Note(entry.Header, entry.Id);
            }
        }
    }

    private List<SignedRun> Written()
    {
        var runs = new List<SignedRun>();
        var reader = new SegmentReader(TestKeys.Sodium, _alice.Id, _writer.Written.Span);
        while (reader.Read() is { } run)
        {
            runs.Add(run);
        }

        reader.IsMalformed.ShouldBeFalse();
        return runs;
    }

    private static long SizeOf(Entry entry) => entry.HeaderBytes.Length + entry.Body!.Value.Length + 16;
}
