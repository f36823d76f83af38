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

    private static int Delivered(LoopbackNode node, ConversationId group, EntryId message) =>
        node.Reader.Find(group, message)!.Receipts.Count(receipt => receipt.Delivered);
}
