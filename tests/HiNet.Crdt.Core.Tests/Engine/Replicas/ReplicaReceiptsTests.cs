using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>What has come is acknowledged once, by as few receipts as have room for it, as soon as it may be.</summary>
public sealed class ReplicaReceiptsTests
{
    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob", Bounded(EngineBounds.Default with { ReceiptMarks = 2 }));
    private readonly ReplicaDevice _carol = new("carol");
    private readonly ReplicaDevice _dave = new("dave");

    public ReplicaReceiptsTests() => ReplicaDevice.Group(_alice, _bob, _carol, _dave);

    private Instant Due => _bob.Now + _bob.Options.ReceiptDelay;

    [Fact]
    public void A_receipt_waits_until_a_peer_has_said_what_it_holds()
    {
        _bob.Replica.Compared(_bob.Now);
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never, "nothing has come");
        _bob.Restart();
        _bob.Receive(_alice.Say("hello"));
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never);
        _bob.Receive(_alice.Control(EntryKind.Merge, new DeleteBody()));
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never);
        _bob.Replica.Compared(_bob.Now);
        _bob.Replica.ReceiptDeadline.ShouldBe(Due);
    }

    [Fact]
    public void What_comes_while_a_receipt_is_due_goes_into_it()
    {
        _bob.Replica.Compared(_bob.Now);
        _bob.Receive(_alice.Say("hello"));
        var due = Due;
        _bob.Replica.ReceiptDeadline.ShouldBe(due);
        _bob.Now += TimeSpan.FromMilliseconds(1);
        _bob.Receive(_alice.Say("again"));
        _bob.Receive(_alice.Control(EntryKind.Merge, new DeleteBody()));
        _bob.Replica.Compared(_bob.Now);
        _bob.Replica.ReceiptDeadline.ShouldBe(due);
        Marks(_bob).ShouldBe([(_alice.Device, 3UL)]);
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never);
        _bob.Hits("bound.receipt.members").ShouldBe(0);
    }

    [Fact]
    public void Nothing_is_written_when_nothing_has_come()
    {
        _bob.Replica.Compared(_bob.Now);
        var before = _bob.Replica.LastArrival;
        _bob.Replica.SendReceipt(_bob.Now);
        _bob.Receive(_alice.Control(EntryKind.Merge, new DeleteBody()));
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never);
        _bob.Replica.SendReceipt(_bob.Now);
        _bob.Replica.LastArrival.ShouldBe(before + 1);
        _bob.Say("hello");
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never, "own messages are not acknowledged");
    }

    [Fact]
    public void Whoever_sends_no_receipts_owes_none()
    {
        _bob.Options = _bob.Options with { SendReceipts = false };
        _bob.Restart();
        _bob.Receive(_alice.Say("hello"));
        _bob.Replica.Compared(_bob.Now);
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never);
        _bob.Restart();
        _bob.Replica.Compared(_bob.Now);
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never);
    }

    [Fact]
    public void What_an_own_receipt_acknowledged_already_is_not_acknowledged_again()
    {
        var own = _bob.Copied().Write(EntryKind.Receipt, Delivered((_alice.Device, 3)));
        _bob.Receive(own);
        _bob.Replica.Compared(_bob.Now);
        _bob.Receive([.. _alice.Say("2"), .. _alice.Say("3")]);
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never);
        _bob.Receive(_alice.Say("4"));
        _bob.Replica.ReceiptDeadline.ShouldBe(Due);
    }

    [Fact]
    public void A_receipt_waits_for_own_entries_that_a_peer_holds()
    {
        _bob.Replica.Compared(_bob.Now);
        _bob.Receive(_alice.Say("hello"));
        _bob.Replica.NoteOwnHead(TestKeys.Entry("own"), _alice.Identity, _bob.Now);
        var before = _bob.Replica.LastArrival;
        _bob.Replica.SendReceipt(_bob.Now);
        _bob.Replica.LastArrival.ShouldBe(before);
        _bob.Replica.ReceiptDeadline.ShouldBe(_bob.Now + Limits.OwnHeadPatience);
    }

    [Fact]
    public void One_receipt_has_room_for_so_many_devices_and_the_rest_goes_into_the_next()
    {
        _bob.Replica.Compared(_bob.Now);
        ReplicaDevice[] others = [_alice, _carol, _dave];
        foreach (var other in others)
        {
            _bob.Receive(other.Say("hello"));
        }

        DeviceId[] devices = [.. others.Select(other => other.Device).Order()];
        Marks(_bob).Select(mark => mark.Device).ShouldBe(devices.Take(2));
        _bob.Replica.ReceiptDeadline.ShouldBe(Due);
        Marks(_bob).Select(mark => mark.Device).ShouldBe(devices.Skip(2));
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never);
    }

    [Fact]
    public void The_rest_waits_too_until_a_peer_has_said_what_it_holds()
    {
        foreach (var other in new[] { _alice, _carol, _dave })
        {
            _bob.Receive(other.Say("hello"));
        }

        _bob.Replica.AppendReceipt(null, _bob.Now);
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never);
    }

    [Fact]
    public void Too_many_members_get_none_until_there_are_fewer()
    {
        var erin = new ReplicaDevice("erin", Bounded(EngineBounds.Default with { ReceiptMembers = 2 }));
        ReplicaDevice.Group(_alice, erin, _carol);
        erin.Replica.Compared(erin.Now);
        erin.Replica.SendReceipt(erin.Now);
        erin.Hits("bound.receipt.members").ShouldBe(0, "nothing has come");
        erin.Receive(_alice.Say("hello"));
        var before = erin.Replica.LastArrival;
        erin.Replica.SendReceipt(erin.Now);
        erin.Hits("bound.receipt.members").ShouldBe(1);
        erin.Replica.LastArrival.ShouldBe(before);
        erin.Replica.ReceiptDeadline.ShouldBe(Instant.Never);

        erin.Receive(_carol.Leave());
        erin.Replica.ReceiptDeadline.ShouldBe(erin.Now + erin.Options.ReceiptDelay);
        Marks(erin).ShouldBe([(_alice.Device, 2UL)]);
        erin.Hits("bound.receipt.members").ShouldBe(1);
    }

    [Fact]
    public void A_reader_acknowledges_with_an_epoch_that_is_there_and_makes_none()
    {
        StepDown(_bob, _alice, _carol);
        _bob.Replica.Compared(_bob.Now);
        _bob.Receive(_alice.Say("hello"));
        Marks(_bob).ShouldBe([(_alice.Device, 2UL)]);

        var erin = new ReplicaDevice("erin");
        _bob.Receive([.. _alice.Grant(erin), .. _carol.Say("under the epoch before")]);
        _bob.Replica.UsableEpochs().ShouldBeEmpty();
        var before = _bob.Replica.LastArrival;
        _bob.Replica.SendReceipt(_bob.Now);
        _bob.Replica.LastArrival.ShouldBe(before);

        _bob.Receive(_alice.Say("under one for erin too"));
        Marks(_bob).Count.ShouldBe(2);
    }

    [Fact]
    public void A_reader_acknowledges_under_the_epoch_of_now_although_another_stays_behind()
    {
        StepDown(_bob, _alice, _carol);
        _alice.Grant(new ReplicaDevice("erin"));
        _alice.Say("under one for erin too");
        var behind = _carol.Control(EntryKind.Epoch, _carol.Epoch(TestKeys.Named("made without erin")));
        _bob.Receive([.. _alice.Everything(), .. behind]);
        var epochs = _bob.Replica.EpochCount;
        Marks(_bob).ShouldHaveSingleItem().Device.ShouldBe(_alice.Device);
        _bob.Replica.EpochCount.ShouldBe(epochs);
    }

    [Fact]
    public void A_reader_whose_device_nobody_introduced_acknowledges_nothing()
    {
        var erin = new ReplicaDevice("erin");
        _alice.Control(EntryKind.SetRole, new SetRoleBody { Identity = ReplicaDevice.Bytes(erin.Identity.ToArray()), Role = (uint)Role.Reader });
        _alice.Say("hello");
        erin.Join(_alice);
        var epoch = _alice.Replica.UsableEpochs().Single();
        erin.Replica.LearnSecret(epoch, _alice.Replica.SecretOf(epoch)!);
        erin.Receive(_alice.Everything());
        var before = erin.Replica.LastArrival;
        erin.Replica.SendReceipt(erin.Now);
        erin.Replica.LastArrival.ShouldBe(before);
    }

    [Fact]
    public void A_reader_uses_whichever_usable_epoch_it_holds()
    {
        StepDown(_bob, _alice);
        _bob.Receive(_alice.Say("hello"));
        _bob.Receive(_alice.Control(EntryKind.Epoch, _alice.Epoch(TestKeys.Named("not for bob"), _bob.Device)));
        _bob.Replica.UsableEpochs().Count().ShouldBe(2);
        Marks(_bob).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(Role.Member)]
    [InlineData(Role.Reader)]
    public void A_members_receipt_has_every_head_in_its_past_and_a_reader_joins_none(Role role)
    {
        var erin = new ReplicaDevice("erin", Bounded(EngineBounds.Default with { Parents = 1 }));
        ReplicaDevice.Group(_alice, erin, _carol, _dave);
        if (role == Role.Reader)
        {
            StepDown(erin, _alice, _carol, _dave);
        }

        erin.Receive([.. _alice.Say("1"), .. _carol.Say("2"), .. _dave.Say("3")]);
        erin.Replica.SendReceipt(erin.Now);
        var runs = erin.Settle();
        Tips(erin).ShouldBe(role == Role.Member ? 1 : 3);
        runs.SelectMany(run => run.Entries).Count(entry => entry.Header.Kind == EntryKind.Receipt).ShouldBe(1);
    }

    [Fact]
    public void Marks_rise_and_are_of_devices_that_are_known()
    {
        var read = _alice.Say("read");
        var older = _alice.Say("not the last")[^1].Last.Id;
        _bob.Receive([.. read, .. _alice.Say("last")]);
        Take(Delivered((_alice.Device, 4), (TestKeys.Device("nobody"), 7)));
        Take(Delivered((_alice.Device, 2)));
        var odd = Delivered();
        odd.Delivered.Add(new DeliveredMark { Device = ReplicaDevice.Bytes(new byte[31]), Seq = 1 });
        Take(odd);
        State().Delivered.ShouldBe(new Dictionary<DeviceId, long> { [_alice.Device] = 4 });
        older.ShouldNotBe(read[^1].Last.Id);

        void Take(ReceiptBody body) => _bob.Receive(_carol.Write(EntryKind.Receipt, body));

        ReceiptState State()
        {
            _bob.Store.TryGet(ColumnFamily.Conversations, StoreKeys.Receipt(_bob.Number, _carol.Identity), out var value).ShouldBeTrue();
            return ReceiptState.Decode(value!);
        }
    }

    [Fact]
    public void After_a_restart_what_came_behind_the_last_own_receipt_is_acknowledged()
    {
        _bob.Receive([.. _alice.Say("2"), .. _alice.Say("3")]);
        _bob.Restart();
        _bob.Replica.Compared(_bob.Now);
        _bob.Replica.ReceiptDeadline.ShouldBe(Due);
        Marks(_bob).ShouldBe([(_alice.Device, 3UL)]);

        _bob.Restart();
        _bob.Replica.Compared(_bob.Now);
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never);

        _bob.Receive(_carol.Say("behind it"));
        _bob.Say("own, behind that");
        _bob.Receive(_carol.Write(EntryKind.Receipt, Delivered()));
        _bob.Restart();
        _bob.Replica.Compared(_bob.Now);
        Marks(_bob).ShouldBe([(_carol.Device, 0UL)]);
    }

    [Fact]
    public void After_a_restart_nothing_is_owed_for_what_is_not_shown_or_is_ones_own()
    {
        var message = _bob.Say("own")[^1].Last.Id;
        _bob.Receive(_alice.Write(EntryKind.Reaction, new ReactionBody { Target = ReplicaDevice.Bytes(message.ToArray()), Emoji = "👍" }));
        _bob.Restart();
        _bob.Replica.Compared(_bob.Now);
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never);
    }

    [Fact]
    public void After_a_restart_an_own_receipt_is_taken_for_all_that_came_before_it()
    {
        _bob.Receive(_alice.Say("hello"));
        _bob.Write(EntryKind.Receipt, Delivered());
        _bob.Restart();
        _bob.Replica.Compared(_bob.Now);
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never);
    }

    [Fact]
    public void After_a_restart_the_newest_4096_entries_are_looked_at()
    {
        _bob.Receive([.. _dave.Say("the next older"), .. _carol.Say("the oldest of them")]);
        for (var i = 0; i < 4_095; i++)
        {
            _bob.Replica.AppendControl(EntryKind.Merge, new DeleteBody(), _bob.Now);
        }

        _bob.Settle();
        _bob.Restart();
        Marks(_bob).ShouldBe([(_carol.Device, 0UL)]);
    }

    [Theory]
    [InlineData(Limits.ReceiptMembers, true)]
    [InlineData(Limits.ReceiptMembers + 1, false)]
    public void After_a_restart_only_as_many_members_as_get_receipts_are_asked_about(int members, bool isOwed)
    {
        ReplicaDevice[] others = [.. Enumerable.Range(0, members - 2).Select(i => new ReplicaDevice($"other {i}"))];
        ReplicaDevice.Group([_alice, _bob, .. others]);
        _bob.Receive(_alice.Say("hello"));
        _bob.Restart();
        _bob.Replica.Compared(_bob.Now);
        (_bob.Replica.ReceiptDeadline != Instant.Never).ShouldBe(isOwed);
    }

    [Fact]
    public void What_came_before_an_absent_body_is_acknowledged_and_nothing_behind_it()
    {
        _bob.Replica.Compared(_bob.Now);
        var (first, second, third) = (_carol.Say("0"), _carol.Say("1"), _carol.Say("2"));
        var absent = Absent(first);
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never, "nothing of hers is all here");
        _bob.Receive([.. second, .. third]);
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never);
        Fill(absent);
        Marks(_bob).ShouldBe([(_carol.Device, 2UL)]);

        _bob.Receive(_dave.Say("0"));
        var behind = Absent(_dave.Say("1"));
        _bob.Receive(_dave.Say("2"));
        Marks(_bob).ShouldBe([(_dave.Device, 0UL)]);
        Fill(behind);
        Marks(_bob).ShouldBe([(_dave.Device, 2UL)]);
    }

    [Fact]
    public void When_a_body_comes_all_is_acknowledged_up_to_the_next_that_is_absent()
    {
        _bob.Replica.Compared(_bob.Now);
        var (zeroth, first) = (Absent(_carol.Say("0")), Absent(_carol.Say("1")));
        _bob.Receive([.. _carol.Say("2"), .. _carol.Say("3")]);
        var fourth = Absent(_carol.Say("4"));
        Fill(zeroth);
        Marks(_bob).ShouldBe([(_carol.Device, 0UL)]);
        Fill(first);
        Marks(_bob).ShouldBe([(_carol.Device, 3UL)]);
        Fill(fourth);
        Marks(_bob).ShouldBe([(_carol.Device, 4UL)]);
    }

    [Fact]
    public void An_entry_of_another_branch_is_acknowledged_up_to_its_own_place_where_an_absent_body_lies_higher()
    {
        _bob.Receive(_carol.Say("0"));
        var copy = _carol.Copied();
        _bob.Receive([.. _carol.Say("1"), .. _carol.Say("2")]);
        Absent(_carol.Say("3"));

        // After a restart this receipt is taken for all that came before it.
        _bob.Write(EntryKind.Receipt, Delivered());
        _bob.Restart();
        _bob.Receive(copy.Say("another 1"));
        Marks(_bob).ShouldBe([(_carol.Device, 1UL)]);
    }

    [Fact]
    public void A_body_that_is_not_shown_or_ones_own_is_acknowledged_neither_when_it_comes_nor_after_a_restart()
    {
        _bob.Replica.Compared(_bob.Now);
        var copy = _bob.Copied();
        var target = _alice.Say("hello")[^1];
        _bob.Receive(target);
        Marks(_bob).Count.ShouldBe(1);
        _alice.Control(EntryKind.Merge, new DeleteBody());
        var reaction = Absent(_alice.Everything()[^1], _alice.Write(
            EntryKind.Reaction, new ReactionBody { Target = ReplicaDevice.Bytes(target.Last.Id.ToArray()), Emoji = "👍" })[^1]);
        var own = Absent(copy.Say("own")[^1]);
        _bob.Write(EntryKind.Receipt, Delivered());
        Fill(reaction);
        Fill(own);
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never);
        _bob.Restart();
        _bob.Replica.Compared(_bob.Now);
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never);
    }

    [Fact]
    public void After_a_restart_bodies_that_came_before_the_last_own_receipt_are_taken_for_acknowledged_and_later_ones_are_not()
    {
        var (early, late) = (Absent(_carol.Say("early")), Absent(_dave.Say("late")));
        Fill(early);
        _bob.Write(EntryKind.Receipt, Delivered());
        _bob.Restart();
        _bob.Replica.Compared(_bob.Now);
        _bob.Replica.ReceiptDeadline.ShouldBe(Instant.Never);

        Fill(late);
        _bob.Restart();
        Marks(_bob).ShouldBe([(_dave.Device, 0UL)]);
    }

    [Fact]
    public void After_a_restart_the_newest_4096_bodies_that_came_late_are_looked_at()
    {
        var (next, oldest) = (Absent(_dave.Say("the next older")), Absent(_carol.Say("the oldest of them")));
        _bob.Write(EntryKind.Receipt, Delivered());
        Fill(next);
        Fill(oldest);

        // As if the first entry, which is not shown, had come to be readable again and again.
        var rows = new WriteBatch();
        for (var i = 1UL; i <= 4_095; i++)
        {
            rows.Put(ColumnFamily.Parked, StoreKeys.Revealed(_bob.Number, _bob.Replica.LastCursor.Position + i), RevealedPlace.Encode(1, 0));
        }

        _bob.Store.Write(rows);
        _bob.Restart();
        Marks(_bob).ShouldBe([(_carol.Device, 0UL)]);
    }

    /// <summary>Bob gets the last one without its body; it is handed back with it.</summary>
    private Entry Absent(params SignedRun[] runs)
    {
        var last = runs[^1];
        var entry = last.Last;
        _bob.Receive([.. runs[..^1], new SignedRun(last.Device, [.. last.Entries.SkipLast(1), entry.WithBody(null)], last.Signature)]);
        _bob.Stored(entry.Id).Body.ShouldBeEmpty();
        return entry;
    }

    private void Fill(Entry entry)
    {
        _bob.Replica.Fill(entry.Id, entry.Body!.Value, _bob.Now);
        _bob.Settle();
        _bob.Stored(entry.Id).Body.ShouldNotBeEmpty();
    }

    private static NodeCoreOptions Bounded(EngineBounds bounds) => new() { Bounds = bounds };

    private static void StepDown(ReplicaDevice who, params ReplicaDevice[] others)
    {
        var runs = who.Control(EntryKind.SetRole, new SetRoleBody { Identity = ReplicaDevice.Bytes(who.Identity.ToArray()), Role = (uint)Role.Reader });
        foreach (var other in others)
        {
            other.Receive(runs);
        }
    }

    private static int Tips(ReplicaDevice device)
    {
        device.Store.TryGet(ColumnFamily.Conversations, StoreKeys.Replica(device.Number), out var value).ShouldBeTrue();
        return ReplicaRecord.Parser.ParseFrom(value).Tips.Count;
    }

    private static ReceiptBody Delivered(params (DeviceId Device, ulong Seq)[] marks) => new()
    {
        Delivered = { marks.Select(mark => new DeliveredMark { Device = ReplicaDevice.Bytes(mark.Device.ToArray()), Seq = mark.Seq }) },
    };

    /// <summary>Of the receipt that it sends now.</summary>
    private static List<(DeviceId Device, ulong Seq)> Marks(ReplicaDevice device)
    {
        device.Replica.SendReceipt(device.Now);
        var receipt = device.Settle().SelectMany(run => run.Entries).Last(entry => entry.Header.Kind == EntryKind.Receipt);
        var secret = device.Replica.SecretOf(receipt.Header.Epoch!.Value)!;
        BodyCipher.TryOpen(TestKeys.Sodium, secret, receipt.Prefix, receipt.Body!.Value.Span, out var plaintext).ShouldBeTrue();
        return [.. ReceiptBody.Parser.ParseFrom(plaintext).Delivered.Select(mark => (new DeviceId(mark.Device.Span), mark.Seq))];
    }
}
