using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Sync;

namespace HiNet.Crdt.Core.Tests.Engine.Sessions;

/// <summary>Which entries share a message: its bounds, met exactly.</summary>
public sealed class OutboundRunsMessageTests
{
    private readonly HostileScene _scene = new();
    private readonly SegmentWriter _writer = new();

    private HostileMember Mallory => _scene.Mallory;

    private RemoteState _remote = null!;
    private OutboundRuns _runs = null!;
    private StoredReplica _stored = null!;

    [Fact]
    public void A_message_looks_at_no_more_entries_when_what_has_gathered_fills_it()
    {
        var entries = GiveOneRun(6);
        var third = entries.Take(3).Sum(SizeOf);

        LookedAt(third).ShouldBe(3);
        LookedAt(third + 1).ShouldBe(4);
        LookedAt(third - SizeOf(entries[2])).ShouldBe(2);

        int LookedAt(long bound)
        {
            var before = Begin(entries[0], EngineBounds.Default with { SegmentMessageBytes = (int)bound });
            _runs.Fill(_writer).ShouldBeTrue();
            return (int)(_runs.Cursor - before);
        }
    }

    [Fact]
    public void What_is_written_counts_with_what_has_gathered()
    {
        // A run that is long enough to be written at once, then entries that wait for their signature.
        Entry[] entries = [.. Enumerable.Range(0, 9).Select(i => Mallory.Say($"{i}")), Mallory.Say(new string('x', 4_000))];
        var run = Mallory.Sign(entries);
        var rest = Enumerable.Range(0, 4).Select(i => Mallory.Say($"rest {i}")).ToArray();
        Mallory.Give(_scene.Alice, run, Mallory.Sign(rest));
        var bound = WrittenLength(run) + SizeOf(rest[0]) + SizeOf(rest[1]);
        bound.ShouldBeInRange(entries[..9].Sum(SizeOf) + 1, entries.Sum(SizeOf));

        LookedAt(bound).ShouldBe(12);
        LookedAt(bound + 1).ShouldBe(13);

        int LookedAt(long size)
        {
            var before = Begin(entries[0], EngineBounds.Default with { SegmentMessageBytes = (int)size });
            _runs.Fill(_writer).ShouldBeTrue();
            return (int)(_runs.Cursor - before);
        }
    }

    [Fact]
    public void Entries_of_one_device_share_a_signature_until_they_fill_a_message()
    {
        // Each was signed by itself when it came.
        var entries = Enumerable.Range(0, 4).Select(i => Mallory.Say($"{i}")).ToArray();
        Mallory.Give(_scene.Alice, [.. entries.Select(entry => Mallory.Sign(entry))]);
        Begin(entries[0]);
        _runs.Fill(_writer).ShouldBeTrue();
        Written().ShouldHaveSingleItem().Entries.Select(entry => entry.Id).ShouldBe(entries.Select(entry => entry.Id));
        _runs.KeptBytes.ShouldBe(0);
        _runs.AtEnd.ShouldBeTrue();

        Begin(entries[0], EngineBounds.Default with { SegmentMessageBytes = (int)(SizeOf(entries[0]) + SizeOf(entries[1])) });
        _runs.Fill(_writer).ShouldBeTrue();
        Written().Select(run => run.Entries.Count).ShouldBe([2, 2]);
        _runs.KeptBytes.ShouldBe(0);
    }

    [Fact]
    public void What_waits_for_its_signature_is_kept_and_goes_with_the_next_message()
    {
        var entries = GiveOneRun(3);
        Begin(entries[0], EngineBounds.Default with { SegmentHorizon = 2 });
        _runs.Fill(_writer).ShouldBeTrue();
        _writer.Length.ShouldBe(0);
        _runs.KeptBytes.ShouldBe(SizeOf(entries[0]) + SizeOf(entries[1]));
        _stored.Services.Cost[CostKind.Entry].ShouldBe(2);
        _runs.AtEnd.ShouldBeFalse();

        _runs.Fill(_writer).ShouldBeTrue();
        Written().ShouldHaveSingleItem().Entries.Select(entry => entry.Id).ShouldBe(entries.Select(entry => entry.Id));
        _runs.KeptBytes.ShouldBe(0);
        _runs.AtEnd.ShouldBeTrue();

        // Nothing is left, and nothing is sent twice.
        _writer.Clear();
        _runs.Fill(_writer).ShouldBeFalse();
        _writer.Length.ShouldBe(0);
    }

    [Fact]
    public void Of_a_run_that_goes_on_behind_its_last_signature_the_rest_stays()
    {
        var signed = Mallory.Say("signed");
        Entry[] rest = [Mallory.Say("not yet"), Mallory.Say("nor this one"), Mallory.Say("signs")];
        Mallory.Give(_scene.Alice, Mallory.Sign(signed), Mallory.Sign(rest));
        Begin(signed, EngineBounds.Default with { SegmentHorizon = 3 });
        _runs.Fill(_writer).ShouldBeTrue();
        Written().ShouldHaveSingleItem().Entries.ShouldHaveSingleItem().Id.ShouldBe(signed.Id);
        _runs.KeptBytes.ShouldBe(SizeOf(rest[0]) + SizeOf(rest[1]));
    }

    [Fact]
    public void A_new_start_forgets_what_has_gathered()
    {
        var entries = GiveOneRun(3);
        var before = Begin(entries[0], EngineBounds.Default with { SegmentHorizon = 2 });
        _runs.Fill(_writer).ShouldBeTrue();
        _runs.KeptBytes.ShouldBeGreaterThan(0);
        _remote.Said(Frontier.From([new FrontierHead(entries[0].Header.Device, entries[0].Header.Seq - 1, entries[0].Header.Previous!.Value)]));
        _remote.Restart(_stored.Replica.Knows);
        _runs.Restart(before);
        _runs.KeptBytes.ShouldBe(0);
        _runs.Fill(_writer).ShouldBeTrue();
        _runs.Fill(_writer).ShouldBeTrue();
        Written().ShouldHaveSingleItem().Entries.Select(entry => entry.Id).ShouldBe(entries.Select(entry => entry.Id));
        _runs.AtEnd.ShouldBeTrue();
    }

    [Fact]
    public void What_the_other_end_has_is_looked_at_and_not_sent()
    {
        var entries = GiveOneRun(3);
        Begin(entries[0]);
        _remote.Note(entries[2].Header.Device, entries[2].Header.Seq);
        _runs.Fill(_writer).ShouldBeTrue();
        _writer.Length.ShouldBe(0);
        _stored.Services.Cost[CostKind.Entry].ShouldBe(3);
        _runs.AtEnd.ShouldBeTrue();
    }

    [Theory]
    [InlineData(15, 15)]
    [InlineData(16, 0)]
    [InlineData(20, 0)]
    public void Much_that_came_from_the_other_end_is_not_even_looked_at(int count, int lookedAt)
    {
        var entries = GiveOneRun(count);
        Begin(entries[0]);
        _remote.Note(entries[^1].Header.Device, entries[^1].Header.Seq);
        _runs.Fill(_writer).ShouldBe(lookedAt > 0);
        _stored.Services.Cost[CostKind.Entry].ShouldBe(lookedAt);
        _stored.Services.Cost[CostKind.Head].ShouldBeGreaterThanOrEqualTo(lookedAt > 0 ? 0 : _stored.Replica.Devices.Count);
        _runs.AtEnd.ShouldBeTrue();
        _writer.Length.ShouldBe(0);
    }

    [Fact]
    public void Much_that_the_other_end_lacks_is_sent()
    {
        var entries = GiveOneRun(20);
        Begin(entries[0]);
        _remote.Note(entries[^1].Header.Device, entries[^1].Header.Seq - 1);
        _runs.Fill(_writer).ShouldBeTrue();
        _stored.Services.Cost[CostKind.Entry].ShouldBe(20);
        Written().ShouldHaveSingleItem().Entries.ShouldHaveSingleItem().Id.ShouldBe(entries[^1].Id);
    }

    [Fact]
    public void What_has_gathered_is_not_passed_over_with_much_that_came_from_the_other_end()
    {
        var entries = GiveOneRun(30);
        Begin(entries[0], EngineBounds.Default with { SegmentHorizon = 2 });
        _runs.Fill(_writer).ShouldBeTrue();
        _remote.Note(entries[^1].Header.Device, entries[^1].Header.Seq);
        var cursor = _runs.Cursor;
        _runs.Fill(_writer).ShouldBeTrue();
        _runs.Cursor.ShouldBe(cursor + 2);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public void A_run_that_does_not_fit_any_more_goes_with_the_next_message(int room, int runs)
    {
        var (one, other) = TwoDevices();
        var bounds = EngineBounds.Default with { SegmentMessageMaxBytes = (int)(WrittenLength(one.Run) + SizeOf(other.Entry) + room) };
        BeginAtTheEnd(2, bounds);
        _runs.Fill(_writer).ShouldBeTrue();
        Written().Count.ShouldBe(runs);
        _runs.AtEnd.ShouldBe(runs == 2);
        if (runs == 1)
        {
            var left = Written()[0].Device == one.Entry.Header.Device ? other.Entry : one.Entry;
            _runs.KeptBytes.ShouldBe(SizeOf(left));
            _writer.Clear();
            _runs.Fill(_writer).ShouldBeTrue();
            Written().ShouldHaveSingleItem().Entries.ShouldHaveSingleItem().Id.ShouldBe(left.Id);
            _runs.AtEnd.ShouldBeTrue();
            _runs.KeptBytes.ShouldBe(0);
        }
    }

    [Fact]
    public void A_run_that_fits_no_message_goes_alone()
    {
        TwoDevices();
        BeginAtTheEnd(2, EngineBounds.Default with { SegmentMessageMaxBytes = 1 });
        for (var i = 0; i < 2; i++)
        {
            _runs.AtEnd.ShouldBeFalse();
            _writer.Clear();
            _runs.Fill(_writer).ShouldBeTrue();
            Written().Count.ShouldBe(1);
        }

        _runs.AtEnd.ShouldBeTrue();
    }

    [Fact]
    public void Branches_of_a_device_gather_side_by_side()
    {
        var head = Mallory.Head;
        Entry[] one = [Mallory.Say("a0"), Mallory.Say("a1"), Mallory.Say("a2")];
        Mallory.Head = head;
        Entry[] other = [Mallory.Say("b0"), Mallory.Say("b1")];

        // The second of each came first, so that they arrive in turns.
        var peer = Mallory.Link(_scene.Alice);
        foreach (var entry in new[] { one[0], other[0], one[1], other[1], one[2] })
        {
            peer.Send(Mallory.Sign(entry));
        }

        Begin(one[0]);
        _remote.MarkForked(one[0].Header.Device);
        while (!_runs.AtEnd)
        {
            _runs.Fill(_writer).ShouldBeTrue();
        }

        var mine = Written().Where(run => run.Device == one[0].Header.Device).Select(run => run.Entries.Select(entry => entry.Id).ToList()).ToList();
        mine.ShouldContain(run => run.SequenceEqual(one.Select(entry => entry.Id)));
        mine.ShouldContain(run => run.SequenceEqual(other.Select(entry => entry.Id)));
        mine.Count.ShouldBe(2);
        _runs.KeptBytes.ShouldBe(0);
    }

    [Fact]
    public void A_gap_that_the_other_end_has_filled_otherwise_ends_a_run()
    {
        var entries = Enumerable.Range(0, 6).Select(i => Mallory.Say($"{i}")).ToArray();
        Mallory.Give(_scene.Alice, Mallory.Sign(entries[0]), Mallory.Sign(entries[1..3]), Mallory.Sign(entries[3..]));
        var device = entries[0].Header.Device;
        Begin(entries[0], EngineBounds.Default with { SegmentHorizon = 2 });
        _runs.Fill(_writer).ShouldBeTrue();
        Written().ShouldHaveSingleItem().Entries.ShouldHaveSingleItem().Id.ShouldBe(entries[0].Id);
        _runs.KeptBytes.ShouldBe(SizeOf(entries[1]));

        // The second waits for the third, which comes from the other end.
        _remote.Note(device, entries[2].Header.Seq);
        _writer.Clear();
        _runs.Fill(_writer).ShouldBeTrue();
        _writer.Length.ShouldBe(0);
        _runs.KeptBytes.ShouldBe(SizeOf(entries[3]));
        _runs.Fill(_writer).ShouldBeTrue();
        Written().ShouldHaveSingleItem().Entries.Select(entry => entry.Id).ShouldBe(entries[3..].Select(entry => entry.Id));
        _runs.KeptBytes.ShouldBe(0);
    }

    [Fact]
    public void Before_a_gap_what_is_signed_goes_out()
    {
        var entries = Enumerable.Range(0, 3).Select(i => Mallory.Say($"{i}")).ToArray();
        Mallory.Give(_scene.Alice, [.. entries.Select(entry => Mallory.Sign(entry))]);
        Begin(entries[0]);
        var device = entries[0].Header.Device;

        // Of a device that has forked there, single entries are known to be there.
        _remote.MarkForked(device);
        _remote.Note(entries[1].Header, entries[1].Id);
        _runs.Fill(_writer).ShouldBeTrue();
        Written().Select(run => run.Entries.ShouldHaveSingleItem().Id).ShouldBe([entries[0].Id, entries[2].Id]);
        _runs.KeptBytes.ShouldBe(0);
    }

    [Fact]
    public void What_a_signature_on_an_entry_that_is_not_applied_vouches_for_goes_out_with_that()
    {
        var (good, bad) = GiveWithRefused(2);
        Begin(good[0]);
        _runs.Fill(_writer).ShouldBeTrue();
        Written().ShouldHaveSingleItem().Entries.Select(entry => entry.Id).ShouldBe([.. good.Select(entry => entry.Id), bad.Id]);
        _runs.KeptBytes.ShouldBe(0);
        _runs.AtEnd.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public void A_tail_that_does_not_fit_any_more_goes_with_the_next_message(int room, int runs)
    {
        _scene.Alice.Send(_scene.Group, "by alice");
        _scene.World.Run();
        var (good, bad) = GiveWithRefused(1);
        Begin(good[0]);
        var alone = _stored.Replica.Arrivals(_runs.Cursor - 1, 1).Single();
        alone.Entry.Header.Device.CompareTo(good[0].Header.Device).ShouldBeLessThan(0, "were the tail first, it would always fit");

        var before = WrittenLength(new SignedRun(alone.Entry.Header.Device, [alone.Entry], alone.Signature));
        var bound = before + SizeOf(good[0]) + SizeOf(bad) + room;
        Begin(good[0], EngineBounds.Default with { SegmentMessageMaxBytes = (int)bound });
        BeginAt(_runs.Cursor - 1);
        _runs.Fill(_writer).ShouldBeTrue();
        Written().Count.ShouldBe(runs);
        _runs.AtEnd.ShouldBe(runs == 2);
        if (runs == 1)
        {
            _writer.Clear();
            _runs.Fill(_writer).ShouldBeTrue();
            Written().ShouldHaveSingleItem().Last.Id.ShouldBe(bad.Id);
            _runs.AtEnd.ShouldBeTrue();
        }
    }

    [Fact]
    public void A_tail_that_fits_no_message_goes_alone()
    {
        var (good, bad) = GiveWithRefused(1);
        Begin(good[0], EngineBounds.Default with { SegmentMessageMaxBytes = 1 });
        _runs.Fill(_writer).ShouldBeTrue();
        Written().ShouldHaveSingleItem().Last.Id.ShouldBe(bad.Id);
        _runs.AtEnd.ShouldBeTrue();
    }

    /// <summary>Entries of Mallory's under one signature, on the last of them.</summary>
    private Entry[] GiveOneRun(int count)
    {
        var entries = Enumerable.Range(0, count).Select(i => Mallory.Say($"number {i}")).ToArray();
        ((int)entries[^1].Header.Seq).ShouldBeLessThan(SegmentRule.Period);
        Mallory.Give(_scene.Alice, Mallory.Sign(entries));
        return entries;
    }

    private (Entry[] Good, Entry Bad) GiveWithRefused(int count)
    {
        var good = Enumerable.Range(0, count).Select(i => Mallory.Say($"good {i}")).ToArray();
        var draft = Mallory.Draft();
        var bad = Mallory.Write(draft with { Depth = draft.Depth + 1 }, new MessageBody { Text = "bad" });
        Mallory.Give(_scene.Alice, Mallory.Sign([.. good, bad]));
        return (good, bad);
    }

    /// <summary>The last two arrivals: one entry of Mallory's and one of Alice's, in the order of their devices' ids.</summary>
    private ((Entry Entry, SignedRun Run) One, (Entry Entry, SignedRun Run) Other) TwoDevices()
    {
        var mallory = Mallory.Say("by mallory");
        Mallory.Give(_scene.Alice, Mallory.Sign(mallory));
        _scene.Alice.Send(_scene.Group, "by alice");
        _scene.World.Run();
        var stored = new StoredReplica(_scene.Alice, _scene.Group);
        var two = stored.Replica.Arrivals(stored.Replica.DurableArrival - 2, 2)
            .Select(a => (a.Entry, new SignedRun(a.Entry.Header.Device, [a.Entry], a.Signature)))
            .OrderBy(a => a.Entry.Header.Device)
            .ToList();
        two.Select(a => a.Entry.Header.Device).Distinct().Count().ShouldBe(2);
        return (two[0], two[1]);
    }

    /// <summary>The other end has everything before an entry; gives the arrival before it.</summary>
    private ulong Begin(Entry first, EngineBounds? bounds = null)
    {
        _stored = new StoredReplica(_scene.Alice, _scene.Group, bounds);
        var before = _stored.Replica.FindInfo(first.Id)!.Arrival - 1;
        BeginAt(before);
        return before;
    }

    private void BeginAtTheEnd(ulong count, EngineBounds bounds)
    {
        _stored = new StoredReplica(_scene.Alice, _scene.Group, bounds);
        BeginAt(_stored.Replica.DurableArrival - count);
    }

    private void BeginAt(ulong cursor)
    {
        _writer.Clear();
        _remote = new RemoteState(_stored.Services, device => _stored.Replica.TryGetDevice(device, out var log) ? log : null);
        foreach (var (_, entry, _) in _stored.Replica.Arrivals(0, (int)cursor))
        {
            _remote.Note(entry.Header, entry.Id);
        }

        _runs = new OutboundRuns(_stored.Replica, _remote, _stored.Services) { Cursor = cursor };
    }

    private List<SignedRun> Written()
    {
        var runs = new List<SignedRun>();
        var reader = new SegmentReader(LoopbackNode.Cryptography, _scene.Group, _writer.Written.Span);
        while (reader.Read() is { } run)
        {
            runs.Add(run);
        }

        reader.IsMalformed.ShouldBeFalse();
        return runs;
    }

    private static int WrittenLength(params SignedRun[] runs) => HostilePeer.Segments(runs).Length;

    private static long SizeOf(Entry entry) => entry.HeaderBytes.Length + entry.Body!.Value.Length + 16;
}
