using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Tests.Support;

namespace HiNet.Crdt.Core.Tests.Engine.Replicas;

/// <summary>Marks on what is not here yet.</summary>
public sealed class ReplicaReadMarksTests
{
    private readonly ReplicaDevice _alice = new("alice");
    private readonly ReplicaDevice _bob = new("bob");
    private readonly ReplicaDevice _carol = new("carol");
    private readonly ReplicaDevice _dave = new("dave");

    public ReplicaReadMarksTests() => ReplicaDevice.Group(_alice, _bob, _carol, _dave);

    [Fact]
    public void A_mark_counts_the_same_whether_it_comes_before_or_behind_what_it_is_about()
    {
        // Carol knows neither of the message nor of anything that Alice or Dave has written.
        var message = _alice.Say("marked");
        var id = message.SelectMany(run => run.Entries).Single(entry => entry.Header.Kind == EntryKind.Message).Id;
        var receipt = new ReceiptBody { Delivered = { new DeliveredMark { Device = ReplicaDevice.Bytes(_dave.Device.ToArray()), Seq = 3 } } };
        receipt.ReadUpTo = ReplicaDevice.Bytes(id.ToArray());
        var marks = _carol.Write(EntryKind.Receipt, receipt);

        _dave.Receive(message);
        _dave.Receive(marks);
        _bob.Receive(marks);
        StateAt(_bob).Awaited.ShouldBe([id]);
        StateAt(_bob).ReadUpTo.ShouldBe(default);
        _bob.Restart();
        _bob.Receive(message);
        StateAt(_bob).Encode().ShouldBe(StateAt(_dave).Encode());
        StateAt(_bob).ReadUpTo.ShouldBe(id);
        StateAt(_bob).Delivered[_dave.Device].ShouldBe(3);
        StateAt(_bob).Awaited.ShouldBeEmpty();

        ReceiptState StateAt(ReplicaDevice device)
        {
            device.Store.TryGet(ColumnFamily.Conversations, StoreKeys.Receipt(device.Number, _carol.Identity), out var value).ShouldBeTrue();
            return ReceiptState.Decode(value!);
        }
    }

    [Fact]
    public void Someone_who_marks_what_never_comes_loses_their_own_oldest_marks_alone()
    {
        var message = _alice.Say("marked");
        var id = message.SelectMany(run => run.Entries).Single(entry => entry.Header.Kind == EntryKind.Message).Id;
        Mark(_dave, id);
        Mark(_carol, id);
        for (var i = 0; i < ReceiptState.MaxAwaited; i++)
        {
            Mark(_carol, TestKeys.Entry($"nowhere {i}"));
        }

        _bob.Receive(message);
        ReadBy(_carol).ShouldBe(default);
        ReadBy(_dave).ShouldBe(id);

        void Mark(ReplicaDevice person, EntryId target) =>
            _bob.Receive(person.Write(EntryKind.Receipt, new ReceiptBody { ReadUpTo = ReplicaDevice.Bytes(target.ToArray()) }));

        EntryId ReadBy(ReplicaDevice person)
        {
            _bob.Store.TryGet(ColumnFamily.Conversations, StoreKeys.Receipt(_bob.Number, person.Identity), out var value).ShouldBeTrue();
            return ReceiptState.Decode(value!).ReadUpTo;
        }
    }
}
