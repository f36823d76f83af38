using Google.Protobuf;
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
