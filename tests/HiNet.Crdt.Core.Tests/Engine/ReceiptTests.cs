using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>What a member owes a receipt for is not forgotten while they may not write one.</summary>
public sealed class ReceiptTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(2);

    private readonly LoopbackWorld _world = new();

    [Fact]
    public void What_came_before_a_member_left_is_acknowledged_when_they_are_added_again()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var group = alice.Group("team", bob);
        _world.Pass(s_soon);
        var hello = alice.Send(group, "hello");
        bob.Texts(group).ShouldBe(["hello"]);

        // The receipt waits for company, and its writer leaves before it is due.
        bob.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(s_soon);
        Delivered(alice, group, hello).ShouldBe(0);

        alice.Do(new NodeCommand.AddMember(group, bob.Identity)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(s_soon);
        Delivered(alice, group, hello).ShouldBe(1);
        Delivered(bob, group, hello).ShouldBe(1);
        LoopbackScenes.ShouldBeEqual(group, alice, bob);
    }

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

    [Fact]
    public void What_came_while_members_were_too_many_is_acknowledged_when_one_left()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var others = Enumerable.Range(0, Limits.ReceiptMembers - 1).Select(i => _world.Befriend(alice, $"other-{i}")).ToList();
        foreach (var other in others.Skip(1))
        {
            _world.Unlink(alice, other);
            _world.Nodes.Remove(other);
        }

        var group = alice.Group("team", [bob, .. others]);
        _world.Pass(s_soon);
        var hello = alice.Send(group, "hello");
        _world.Pass(s_soon);
        bob.Texts(group).ShouldBe(["hello"]);
        Delivered(alice, group, hello).ShouldBe(0);

        // No message comes, and the link is as it was: there is only one member less.
        others[0].Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(s_soon);
        Delivered(alice, group, hello).ShouldBe(1);
    }

    private static int Delivered(LoopbackNode node, ConversationId group, EntryId message) =>
        node.Reader.Find(group, message)!.Receipts.Count(receipt => receipt.Delivered);
}
