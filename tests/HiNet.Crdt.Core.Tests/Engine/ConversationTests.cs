using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine;

public sealed class ConversationTests
{
    private readonly LoopbackWorld _world = new();

    [Fact]
    public void Two_people_meet_by_invite_and_talk()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);

        var hello = alice.Send(direct, "hello");
        _world.Pass(TimeSpan.FromSeconds(2));

        var received = bob.Reader.Page(direct, 10, null).ShouldHaveSingleItem();
        received.Id.ShouldBe(hello);
        received.Text.ShouldBe("hello");
        received.Author.Name.ShouldBe("alice");
        alice.Reader.Page(direct, 10, null)[0].State.ShouldBe(MessageState.Delivered);
        LoopbackScenes.ShouldBeEqual(direct, alice, bob);
    }

    [Fact]
    public void A_direct_conversation_that_both_start_while_offline_is_one()
    {
        var (alice, bob) = _world.Contacts("alice", "bob", link: false);
        var one = alice.Direct(bob);
        var other = bob.Direct(alice);
        one.ShouldBe(other);
        alice.Send(one, "from alice");
        bob.Send(one, "from bob");

        _world.Link(alice, bob);
        _world.Pass(TimeSpan.FromSeconds(5));

        alice.Texts(one).ShouldBe(bob.Texts(one));
        alice.Texts(one).Count.ShouldBe(2);
        LoopbackScenes.ShouldBeEqual(one, alice, bob);
    }

    [Fact]
    public void A_group_reaches_contacts_and_carries_every_operation()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var carol = _world.Befriend(alice, "carol");
        var group = alice.Group("team", bob, carol);
        _world.Pass(TimeSpan.FromSeconds(1));

        var first = alice.Send(group, "first");
        _world.Pass(TimeSpan.FromSeconds(1));
        var second = bob.Send(group, "secnod");
        bob.Do(new NodeCommand.Edit(group, second, "second")).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(TimeSpan.FromSeconds(1));
        carol.Do(new NodeCommand.React(group, first, "👍", false)).ShouldBeOfType<NodeResult.Written>();
        var third = carol.Send(group, "third");
        carol.Do(new NodeCommand.Delete(group, third)).ShouldBeOfType<NodeResult.Written>();
        carol.Do(new NodeCommand.MarkRead(group, second)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(TimeSpan.FromSeconds(3));

        foreach (var node in new[] { alice, bob, carol })
        {
            var page = node.Reader.Page(group, 10, null);
            page.Select(m => m.Text).ShouldBe(["first", "second", null]);
            page[0].Reactions.ShouldHaveSingleItem().Emoji.ShouldBe("👍");
            page[1].IsEdited.ShouldBeTrue();
            page[2].IsDeleted.ShouldBeTrue();
            page[1].Receipts.Single(r => r.Identity == carol.Identity).Read.ShouldBeTrue();
        }

        LoopbackScenes.ShouldBeEqual(group, alice, bob, carol);
    }

    [Fact]
    public void A_restarted_node_goes_on_where_it_was()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        alice.Send(direct, "one");
        _world.Pass(TimeSpan.FromSeconds(1));
        bob.Restart();
        alice.Send(direct, "two");
        bob.Send(direct, "three");
        _world.Link(bob, alice);
        _world.Pass(TimeSpan.FromSeconds(3));

        bob.Texts(direct).Count.ShouldBe(3);
        alice.Texts(direct).ShouldBe(bob.Texts(direct));
        LoopbackScenes.ShouldBeEqual(direct, alice, bob);
    }

    [Fact]
    public void A_member_who_is_added_reads_the_history_and_one_who_left_cannot_write()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var group = alice.Group("team", bob);
        alice.Send(group, "before");
        var carol = _world.Befriend(alice, "carol");
        alice.Do(new NodeCommand.AddMember(group, carol.Identity)).ShouldBeOfType<NodeResult.Written>();
        alice.Send(group, "after");
        _world.Pass(TimeSpan.FromSeconds(3));
        carol.Texts(group).ShouldBe(["before", "after"]);

        carol.Do(new NodeCommand.Leave(group)).ShouldBeOfType<NodeResult.Written>();
        carol.Do(new NodeCommand.SendText(group, "still here?", null)).ShouldBeOfType<NodeResult.Refused>();
        alice.Send(group, "without carol");
        _world.Pass(TimeSpan.FromSeconds(3));
        bob.Texts(group).ShouldBe(["before", "after", "without carol"]);
        LoopbackScenes.ShouldBeEqual(group, alice, bob);
    }

    [Fact]
    public void A_long_history_reaches_a_peer_that_was_away()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        bob.Restart();
        for (var i = 0; i < 3000; i++)
        {
            alice.Input(new NodeInput.Commanded(-i, new NodeCommand.SendText(direct, $"message {i}", null)));
        }

        _world.Run();
        _world.Link(alice, bob);
        _world.Pass(TimeSpan.FromSeconds(3));

        bob.Texts(direct).ShouldBe([.. Enumerable.Range(0, 3000).Select(i => $"message {i}")]);
        LoopbackScenes.ShouldBeEqual(direct, alice, bob);
    }
}
