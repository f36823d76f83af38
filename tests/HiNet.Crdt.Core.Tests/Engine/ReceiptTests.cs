using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Received messages are acknowledged, however many people wrote them.</summary>
public sealed class ReceiptTests
{
    [Fact]
    public void More_devices_than_one_receipt_has_room_for_are_acknowledged_by_several()
    {
        var world = new LoopbackWorld();
        var ada = world.Add("Ada");
        ada.Options = new NodeCoreOptions { Bounds = EngineBounds.Default with { ReceiptMarks = 2 } };
        ada.Restart();
        LoopbackNode[] others = [.. Enumerable.Range(0, 5).Select(i => world.Befriend(ada, $"friend {i}"))];
        var group = ada.Group("group", others);
        world.Pass(TimeSpan.FromSeconds(30));
        EntryId[] sent = [.. others.Select((friend, i) => friend.Send(group, $"hello {i}"))];
        world.Pass(TimeSpan.FromSeconds(30));

        for (var i = 0; i < others.Length; i++)
        {
            var receipts = others[i].Reader.Find(group, sent[i])!.Receipts;
            receipts.Single(receipt => receipt.Identity == ada.Identity).Delivered.ShouldBeTrue();
        }
    }
}
