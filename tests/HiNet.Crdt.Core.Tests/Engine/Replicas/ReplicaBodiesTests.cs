using Google.Protobuf;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>A body that comes after its entry does what it would have done with it; one that was deleted meanwhile does nothing.</summary>
public sealed class ReplicaBodiesTests
{
    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob");

    public ReplicaBodiesTests() => ReplicaDevice.Group(_alice, _bob);

    [Fact]
    public void What_it_says_is_indexed_when_it_comes()
    {
        var message = _alice.Say("hello");
        _bob.Receive(message);
        var target = message[^1].Last.Id;
        var reaction = Absent(_alice.Forge(EntryKind.Reaction, new ReactionBody { Target = Bytes(target), Emoji = "👍" }));
        _bob.Reader.Find(_bob.Id, target)!.Reactions.ShouldBeEmpty();
        Fill(reaction);
        _bob.Reader.Find(_bob.Id, target)!.Reactions.ShouldHaveSingleItem().Emoji.ShouldBe("👍");
        _bob.Stored(reaction.Id).Flags.ShouldBe(EntryFlags.Awaited);
        Rows().ShouldBe(0);
        _bob.Replica.Absent.HasAny.ShouldBeFalse();
    }

    [Fact]
    public void It_is_told_of_when_it_comes_and_once()
    {
        var message = Absent(_alice.Forge(EntryKind.Message, new MessageBody { Text = "hello" }));
        Told().ShouldBeEmpty();
        Fill(message);
        Told().ShouldBe(["hello"]);
        var (cursor, changes) = (_bob.Replica.LastCursor, _bob.Changes);
        Fill(message);
        _bob.Receive(_alice.Sign(message));
        _bob.Replica.LastCursor.ShouldBe(cursor);
        _bob.Changes.ShouldBe(changes);
        Told().ShouldBe(["hello"]);
    }

    [Fact]
    public void One_that_comes_ahead_of_its_secret_waits_for_that()
    {
        var secret = TestKeys.Named("late secret");
        var made = _alice.Control(EntryKind.Epoch, _alice.Epoch(secret, without: _bob.Device));
        var epoch = made[^1].Last.Id;
        _bob.Receive(made);
        var message = Absent(_alice.Forge(EntryKind.Message, new MessageBody { Text = "hello" }, header => header with { Epoch = epoch }));
        Fill(message);
        Told().ShouldBeEmpty();
        _bob.Replica.LearnSecret(epoch, secret.ToArray());
        _bob.Settle();
        Told().ShouldBe(["hello"]);
    }

    [Fact]
    public void One_that_was_deleted_meanwhile_does_not_come_back()
    {
        var message = _alice.Say("hello");
        var absent = message[^1].Last;
        _bob.Receive(_alice.Sign(absent.WithBody(null)));
        Rows().ShouldBe(1);
        _bob.Receive(_alice.Delete(absent.Id));
        Rows().ShouldBe(0);
        _bob.Replica.Absent.HasAny.ShouldBeFalse();
        Fill(absent);
        _bob.Stored(absent.Id).Flags.ShouldBe(EntryFlags.BodyAbsent | EntryFlags.Awaited | EntryFlags.Deleted | EntryFlags.Erased);
        _bob.Reader.Find(_bob.Id, absent.Id)!.IsDeleted.ShouldBeTrue();
        Told().ShouldBe([null], "subscribers are told that there was one");
    }

    [Fact]
    public void An_edit_of_what_was_deleted_is_erased_when_its_body_comes()
    {
        var message = _alice.Say("hello");
        _bob.Receive(message);
        var target = message[^1].Last.Id;
        var edit = _alice.Write(EntryKind.Edit, new EditBody { Target = Bytes(target), Text = "other words" })[^1].Last;
        _bob.Receive(_alice.Sign(edit.WithBody(null)));
        _bob.Receive(_alice.Delete(target));
        Rows().ShouldBe(1);
        Fill(edit);
        _bob.Stored(edit.Id).Flags.ShouldBe(EntryFlags.Awaited | EntryFlags.Erased);
        _bob.Stored(edit.Id).Body.ShouldBeEmpty();
        Rows().ShouldBe(0);
    }

    [Fact]
    public void Another_body_than_its_header_names_changes_nothing()
    {
        var message = Absent(_alice.Forge(EntryKind.Message, new MessageBody { Text = "hello" }));
        var changes = _bob.Changes;
        _bob.Replica.Fill(message.Id, new byte[message.Header.BodyLength], _bob.Now);
        _bob.Replica.Fill(message.Id, message.Body!.Value[1..], _bob.Now);
        _bob.Replica.Fill(TestKeys.Entry("unknown"), message.Body!.Value, _bob.Now);
        _bob.Changes.ShouldBe(changes);
        _bob.Counts["hinet.content.body.wrong"].ShouldBe(2);
        _bob.Stored(message.Id).Body.ShouldBeEmpty();
    }

    [Fact]
    public void Those_of_the_timeline_are_wanted_first_and_by_chain()
    {
        var message = _alice.Say("hello");
        _bob.Receive(message);
        var target = message[^1].Last.Id;
        var reaction = _alice.Write(EntryKind.Reaction, new ReactionBody { Target = Bytes(target), Emoji = "👍" })[^1].Last;
        var first = _alice.Say("first")[^1].Last;
        var second = _alice.Say("second")[^1].Last;
        _bob.Receive(_alice.Sign(reaction.WithBody(null)), _alice.Sign(first.WithBody(null)), _alice.Sign(second.WithBody(null)));
        var all = _bob.Replica.Absent.Behind([], 10);
        all.Select(absent => absent.Entry).ShouldBe([first.Id, second.Id, reaction.Id]);
        _bob.Replica.Absent.Behind([], 2).Select(absent => absent.Entry).ShouldBe([first.Id, second.Id]);
        _bob.Replica.Absent.Behind(all[0].Place, 10).Select(absent => absent.Entry).ShouldBe([second.Id, reaction.Id]);
        _bob.Replica.Absent.Behind(all[1].Place, 10).Select(absent => absent.Entry).ShouldBe([reaction.Id]);
        _bob.Replica.Absent.Behind(all[2].Place, 10).ShouldBeEmpty();
        _bob.Replica.TryGetDevice(_alice.Device, out var log).ShouldBeTrue();
        _bob.Replica.Absent.FirstShown(log!.Number).ShouldBe(first.Header.Seq);
        _bob.Restart();
        _bob.Replica.Absent.HasAny.ShouldBeTrue();
        _bob.Replica.Absent.Behind([], 10).Count.ShouldBe(3);
    }

    [Fact]
    public void What_is_wanted_and_since_when_is_the_same_after_a_restart()
    {
        var target = _bob.Say("hello")[^1];
        _alice.Receive(target);
        Entry[] wanted = [Write(EntryKind.Message, new MessageBody { Text = "said" }), React("👍"), React("🎉")];
        foreach (var entry in wanted)
        {
            _alice.Receive(_bob.Sign(entry.WithBody(null)));
        }

        _alice.Restart();
        var absent = _alice.Replica.Absent;
        _alice.Replica.TryGetDevice(_bob.Device, out var log).ShouldBeTrue();
        _alice.Replica.TryGetDevice(_alice.Device, out var own).ShouldBeTrue();
        log!.Number.ShouldBeGreaterThan(0U);
        absent.FirstShown(log.Number).ShouldBe(wanted[0].Header.Seq);
        absent.FirstShown(own!.Number).ShouldBeNull();
        foreach (var entry in wanted)
        {
            absent.HasAny.ShouldBeTrue();
            _alice.Replica.Fill(entry.Id, entry.Body!.Value, _alice.Now);
            absent.FirstShown(log.Number).ShouldBeNull();
        }

        absent.HasAny.ShouldBeFalse();

        Entry Write(uint kind, IMessage body) => _bob.Write(kind, body)[^1].Last;

        Entry React(string emoji) => Write(EntryKind.Reaction, new ReactionBody { Target = Bytes(target.Last.Id), Emoji = emoji });
    }

    [Fact]
    public void Of_each_device_the_first_that_is_still_wanted_is_known_as_they_come()
    {
        Entry[] said = [.. Enumerable.Range(0, 3).Select(i => Absent(_alice.Say($"{i}")[^1].Last))];
        _bob.Replica.TryGetDevice(_alice.Device, out var log).ShouldBeTrue();
        for (var i = 0; i < said.Length; i++)
        {
            _bob.Replica.Absent.FirstShown(log!.Number).ShouldBe(said[i].Header.Seq);
            Fill(said[i]);
        }

        _bob.Replica.Absent.FirstShown(log!.Number).ShouldBeNull();
    }

    [Fact]
    public void An_entry_whose_body_has_come_is_passed_on_with_it()
    {
        var said = Absent(_alice.Say("hello")[^1].Last);
        Last().Body.ShouldBeNull();
        Fill(said);
        Last().Id.ShouldBe(said.Id);
        Last().Body!.Value.ToArray().ShouldBe(said.Body!.Value.ToArray());

        Entry Last() => _bob.Replica.Arrivals(_bob.Replica.DurableArrival - 1, 1).Single().Entry;
    }

    [Fact]
    public void A_copy_that_was_being_checked_when_the_entry_came_brings_its_body_too()
    {
        var said = Absent(_alice.Say("hello")[^1].Last);
        _bob.Receive(_alice.Sign(said));
        Told().ShouldBe(["hello"]);
        _bob.Replica.Absent.HasAny.ShouldBeFalse();
    }

    [Fact]
    public void A_change_is_told_although_nobody_can_read_the_body_yet()
    {
        var made = _alice.Control(EntryKind.Epoch, _alice.Epoch(TestKeys.Named("late secret"), without: _bob.Device));
        _bob.Receive(made);
        var message = Absent(_alice.Forge(
            EntryKind.Message, new MessageBody { Text = "hello" }, header => header with { Epoch = made[^1].Last.Id }));
        var changes = _bob.Changes;
        Fill(message);
        _bob.Changes.ShouldBe(changes + 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nobody_is_told_again_of_what_no_body_makes_readable(bool isDeleted)
    {
        var unknown = Absent(_alice.Forge(60, [1, 2, 3]));
        _bob.Stored(unknown.Id).Flags.ShouldBe(EntryFlags.BodyAbsent);
        var deletion = _alice.Copied();
        deletion.Receive(_alice.Sign(unknown));
        var cursor = _bob.Replica.LastCursor.Position;
        if (isDeleted)
        {
            _bob.Receive(deletion.Delete(unknown.Id));
            _bob.Stored(unknown.Id).Flags.ShouldBe(EntryFlags.BodyAbsent | EntryFlags.Deleted | EntryFlags.Erased);
        }
        else
        {
            Fill(unknown);
            _bob.Stored(unknown.Id).Flags.ShouldBe(EntryFlags.None);
        }

        _bob.Replica.LastCursor.Position.ShouldBe(cursor + (isDeleted ? 1UL : 0), "only the deletion itself is new");
        _bob.Reader.Events(_bob.Id, EventCursor.Start, 1_000).OfType<UnsupportedEntryAdded>().Count().ShouldBe(1);
    }

    [Fact]
    public void Others_hear_of_a_body_what_is_known_of_it_here_and_of_this_conversation_only()
    {
        var said = _alice.Say("hello")[^1].Last;
        _bob.Receive(_alice.Sign(said.WithBody(null)));
        var rows = _bob.Cost[CostKind.Row];
        _bob.Replica.DurableBody(said.Id, out var isErased).ShouldBeNull();
        isErased.ShouldBeFalse("it is wanted here, too");
        (_bob.Cost[CostKind.Row] - rows).ShouldBe(1);
        _bob.Replica.DurableBody(TestKeys.Entry("unknown"), out isErased).ShouldBeNull();
        isErased.ShouldBeFalse();
        _alice.Replica.DurableBody(said.Id, out isErased).ShouldBe(said.Body!.Value.ToArray());
        isErased.ShouldBeFalse();

        // Another group in the same store, whose entries have come at the same places.
        var founder = new GenesisMember { Identity = ReplicaDevice.Bytes(_alice.Identity.ToArray()), Role = (uint)Role.Owner, Cards = { ReplicaDevice.Bytes(_alice.Card.Encode()) } };
        var genesis = new GenesisBody { Name = "other", Members = { founder } };
        var other = Replica.CreateGroup(2, genesis, _alice.Services, _alice, _alice.Now);
        for (var i = 0; i < 5; i++)
        {
            other.AppendControl(EntryKind.Merge, new DeleteBody(), _alice.Now);
        }

        other.Flush();
        _alice.Persist();
        other.DurableBody(said.Id, out _).ShouldBeNull();
    }

    [Fact]
    public void Looking_for_what_is_wanted_is_counted_row_by_row()
    {
        for (var i = 0; i < 3; i++)
        {
            Absent(_alice.Say($"{i}")[^1].Last);
        }

        var rows = _bob.Cost[CostKind.Row];
        _bob.Replica.Absent.Behind([], 2);
        (_bob.Cost[CostKind.Row] - rows).ShouldBe(2);
    }

    [Fact]
    public void However_many_are_absent_the_first_is_known_without_a_look_at_the_others()
    {
        Entry[] said = [.. Enumerable.Range(0, 30).Select(i => Absent(_alice.Say($"{i}")[^1].Last))];
        _bob.Replica.TryGetDevice(_alice.Device, out var log).ShouldBeTrue();
        RowsFor(() => _bob.Replica.Absent.FirstShown(log!.Number)).ShouldBe(0);
        Fill(said[7]);
        RowsFor(() => _bob.Replica.Absent.FirstShown(log!.Number)).ShouldBe(0);
        Fill(said[0]);
        RowsFor(() => _bob.Replica.Absent.FirstShown(log!.Number)).ShouldBeLessThanOrEqualTo(1);
        _bob.Replica.Absent.FirstShown(log!.Number).ShouldBe(said[1].Header.Seq);
    }

    private long RowsFor(Action look)
    {
        var rows = _bob.Cost[CostKind.Row];
        look();
        return _bob.Cost[CostKind.Row] - rows;
    }

    private static ByteString Bytes(EntryId id) => ByteString.CopyFrom(id.ToArray());

    private Entry Absent(Entry entry)
    {
        _bob.Receive(_alice.Sign(entry.WithBody(null)));
        return entry;
    }

    private void Fill(Entry entry)
    {
        _bob.Replica.Fill(entry.Id, entry.Body!.Value, _bob.Now);
        _bob.Settle();
    }

    private int Rows() =>
        _bob.Rows(ColumnFamily.Parked, StoreKeys.AbsentBodies(_bob.Number, isShown: true))
        + _bob.Rows(ColumnFamily.Parked, StoreKeys.AbsentBodies(_bob.Number, isShown: false));

    private IEnumerable<string?> Told() =>
        _bob.Reader.Events(_bob.Id, EventCursor.Start, 1_000).OfType<MessageAdded>().Select(added => added.Message.Text);
}
