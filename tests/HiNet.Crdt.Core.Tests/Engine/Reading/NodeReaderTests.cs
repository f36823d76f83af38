using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine.Reading;

public sealed class NodeReaderTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(2);

    private readonly LoopbackWorld _world = new();

    [Fact]
    public void A_reply_names_its_target_at_both_ends()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        var question = alice.Send(direct, "when?");
        _world.Pass(s_soon);
        var answer = bob.Do(new NodeCommand.SendText(direct, "now", question)).ShouldBeOfType<NodeResult.Written>().Entry;
        _world.Pass(s_soon);

        foreach (var node in new[] { alice, bob })
        {
            node.Reader.Find(direct, answer).ShouldNotBeNull().ReplyTo.ShouldBe(question);
            node.Reader.Find(direct, question).ShouldNotBeNull().ReplyTo.ShouldBeNull();
        }
    }

    [Fact]
    public void Unread_are_the_messages_of_others_behind_the_last_one_read()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        _world.Pass(s_soon);
        Unread(alice, direct).ShouldBe(0);

        var first = alice.Send(direct, "one");
        var second = alice.Send(direct, "two");
        alice.Send(direct, "three");
        _world.Pass(s_soon);
        Unread(bob, direct).ShouldBe(3);
        Unread(alice, direct).ShouldBe(0);

        Read(bob, direct, first);
        Unread(bob, direct).ShouldBe(2);
        bob.Send(direct, "four");
        Unread(bob, direct).ShouldBe(2);
        Read(bob, direct, second);
        Unread(bob, direct).ShouldBe(1);
        _world.Pass(s_soon);
        Unread(alice, direct).ShouldBe(1);
    }

    [Fact]
    public void Of_very_many_unread_messages_a_thousand_are_counted()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        for (var i = 0; i < 999; i++)
        {
            alice.Send(direct, "again");
        }

        _world.Pass(s_soon);
        Unread(bob, direct).ShouldBe(999);
        alice.Send(direct, "and again");
        alice.Send(direct, "and again");
        _world.Pass(s_soon);
        Unread(bob, direct).ShouldBe(1_000);
    }

    [Fact]
    public void A_summary_is_what_the_single_questions_say()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var group = alice.Group("team", bob);
        _world.Pass(s_soon);
        var empty = bob.Reader.Summarize(group);
        (empty.Id, empty.Kind, empty.Name, empty.Unread, empty.Last).ShouldBe((group, ConversationKind.Group, "team", 0, null));

        alice.Send(group, "one");
        var last = alice.Send(group, "two");
        _world.Pass(s_soon);
        var summary = bob.Reader.Summarize(group);
        summary.Last.ShouldNotBeNull().Id.ShouldBe(last);
        summary.Last.Text.ShouldBe("two");
        summary.Unread.ShouldBe(2);
        summary.Members.Select(member => member.Person.Name).ShouldBe(["alice", "bob"], ignoreOrder: true);
        alice.Reader.Summarize(alice.Direct(bob)).Name.ShouldBe("bob");
    }

    [Fact]
    public void Of_a_conversation_that_is_not_here_everything_is_empty()
    {
        var reader = _world.Add("alice").Reader;
        var unknown = new ConversationId(new byte[32]);
        reader.Page(unknown, 10, null).ShouldBeEmpty();
        reader.KindOf(unknown).ShouldBeNull();
        reader.NameOf(unknown).ShouldBeEmpty();
        reader.MembersOf(unknown).ShouldBeEmpty();
        reader.Events(unknown, default, 10).ShouldBeEmpty();
        reader.LastCursor(unknown).ShouldBe(default);
        var status = reader.StatusOf(unknown);
        (status.Entries, status.Frontier.Count, status.StateHash.IsZero, status.Parked, status.Missing).ShouldBe((0, 0, true, 0, 0));
        var summary = reader.Summarize(unknown);
        (summary.Members.Count, summary.Unread, summary.Last).ShouldBe((0, 0, null));
    }

    [Fact]
    public void A_page_is_the_newest_before_a_message_oldest_first()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        var sent = Enumerable.Range(0, 6).Select(i => alice.Send(direct, $"{i}")).ToList();
        alice.Reader.Page(direct, 2, null).Select(message => message.Id).ShouldBe([sent[4], sent[5]]);
        alice.Reader.Page(direct, 3, sent[4]).Select(message => message.Id).ShouldBe([sent[1], sent[2], sent[3]]);
        alice.Reader.Page(direct, 3, sent[0]).ShouldBeEmpty();
        alice.Reader.Page(direct, 0, null).ShouldBeEmpty();
    }

    [Fact]
    public void Only_a_message_of_the_conversation_is_found()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        var group = alice.Group("team", bob);
        var message = alice.Send(direct, "hello");
        var reaction = alice.Do(new NodeCommand.React(direct, message, "👍", false)).ShouldBeOfType<NodeResult.Written>().Entry;
        alice.Reader.Find(direct, message).ShouldNotBeNull().Text.ShouldBe("hello");
        alice.Reader.Find(direct, reaction).ShouldBeNull();
        alice.Reader.Find(group, message).ShouldBeNull();
        alice.Reader.Page(group, 10, message).ShouldBeEmpty();
    }

    [Fact]
    public void Conversations_come_with_the_most_recently_active_first()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        var first = alice.Group("first", bob);
        var second = alice.Group("second", bob);
        foreach (var last in new[] { second, direct, first })
        {
            _world.Pass(s_soon);
            alice.Send(last, "now here");
            alice.Reader.Conversations()[0].ShouldBe(last);
        }

        alice.Reader.Conversations().ShouldBe([first, direct, second]);
    }

    [Fact]
    public void Conversations_in_which_nothing_was_said_come_last_by_their_id()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var silent = Enumerable.Range(0, 5).Select(i => alice.Group($"{i}", bob)).Order().ToList();
        var direct = alice.Direct(bob);
        alice.Send(direct, "hello");
        alice.Reader.Conversations().ShouldBe([direct, .. silent]);
    }

    [Fact]
    public void Members_come_in_the_order_in_which_they_joined()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var carol = _world.Befriend(alice, "carol");
        var dave = _world.Befriend(alice, "dave");
        var group = alice.Group("team", bob);
        foreach (var joins in new[] { dave, carol })
        {
            _world.Pass(s_soon);
            alice.Do(new NodeCommand.AddMember(group, joins.Identity)).ShouldBeOfType<NodeResult.Written>();
        }

        _world.Pass(s_soon);
        foreach (var node in new[] { alice, carol })
        {
            var members = node.Reader.MembersOf(group);
            members.Select(member => member.Person.Id).Take(2).ShouldBe(new[] { alice.Identity, bob.Identity }, ignoreOrder: true);
            members.Select(member => member.Person.Id).Skip(2).ShouldBe([dave.Identity, carol.Identity]);
            members.Select(member => member.Since).ShouldBeInOrder();
        }
    }

    [Fact]
    public void A_message_is_delivered_when_everyone_has_it_and_read_when_everyone_has_read_it()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var carol = _world.Befriend(alice, "carol");
        var group = alice.Group("team", bob, carol);
        _world.Pass(s_soon);
        _world.Unlink(alice, carol);
        var message = alice.Send(group, "hello");
        _world.Pass(s_soon);
        State(alice, group, message).ShouldBe("Stored: bob has unread, carol lacks unread");

        _world.Link(alice, carol);
        _world.Pass(s_soon);
        State(alice, group, message).ShouldBe("Delivered: bob has unread, carol has unread");

        Read(bob, group, message);
        _world.Pass(s_soon);
        State(alice, group, message).ShouldBe("Delivered: bob has read, carol has unread");

        Read(carol, group, message);
        _world.Pass(s_soon);
        State(alice, group, message).ShouldBe("Read: bob has read, carol has read");
        State(carol, group, message).ShouldBe("Read: bob has read, carol has read");
    }

    [Fact]
    public void A_reaction_is_there_once_a_person_until_it_is_taken_back()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        var message = alice.Send(direct, "hello");
        _world.Pass(s_soon);
        React(alice, direct, message, "👍", remove: false);
        React(bob, direct, message, "👍", remove: false);
        React(bob, direct, message, "🎉", remove: false);
        _world.Pass(s_soon);
        Reactions(alice, direct, message).ShouldBe(["👍 alice bob", "🎉 bob"], ignoreOrder: true);
        React(bob, direct, message, "👍", remove: true);
        _world.Pass(s_soon);
        Reactions(alice, direct, message).ShouldBe(["👍 alice", "🎉 bob"], ignoreOrder: true);
        alice.Do(new NodeCommand.Delete(direct, message)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(s_soon);
        Reactions(bob, direct, message).ShouldBeEmpty();
    }

    [Fact]
    public void A_reaction_given_twice_is_there_once_where_it_first_was_and_last_when_taken_back_between()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var direct = alice.Direct(bob);
        var message = alice.Send(direct, "hello");
        React(alice, direct, message, "👍", remove: false);
        React(alice, direct, message, "🎉", remove: false);
        React(alice, direct, message, "👍", remove: false);
        Reactions(alice, direct, message).ShouldBe(["👍 alice", "🎉 alice"]);
        React(alice, direct, message, "👍", remove: true);
        Reactions(alice, direct, message).ShouldBe(["🎉 alice"]);
        React(alice, direct, message, "👍", remove: false);
        Reactions(alice, direct, message).ShouldBe(["🎉 alice", "👍 alice"]);
        _world.Pass(s_soon);
        Reactions(bob, direct, message).ShouldBe(["🎉 alice", "👍 alice"]);
    }

    [Fact]
    public void What_nobody_else_can_have_read_is_stored_and_no_more()
    {
        var alice = _world.Add("alice");
        var alone = alice.Group("alone");
        var message = alice.Send(alone, "note to self");
        _world.Pass(s_soon);
        State(alice, alone, message).ShouldBe("Stored: ");
    }

    [Fact]
    public void Who_has_a_message_before_them_has_received_it_though_nobody_was_told_yet()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var group = alice.Group("team", bob);
        _world.Pass(s_soon);
        var message = alice.Send(group, "hello");
        State(bob, group, message).ShouldBe("Delivered: bob has unread");
        State(alice, group, message).ShouldBe("Stored: bob lacks unread");
    }

    [Fact]
    public void People_are_called_what_this_person_calls_them_and_are_listed_by_that()
    {
        var (alice, bob) = _world.Contacts("alice", "bob", link: false);
        var carol = _world.Add("carol");
        alice.Do(new NodeCommand.AddContact(carol.Invite(), "Zoe")).ShouldBeOfType<NodeResult.Added>();
        carol.Do(new NodeCommand.AddContact(alice.Invite(), "aunt Alice")).ShouldBeOfType<NodeResult.Added>();
        carol.Do(new NodeCommand.AddContact(bob.Invite(), "Zed")).ShouldBeOfType<NodeResult.Added>();
        _world.Link(alice, carol);
        var direct = alice.Direct(carol);
        var message = alice.Send(direct, "hello");
        _world.Pass(s_soon);

        carol.Reader.NameOf(direct).ShouldBe("aunt Alice");
        carol.Reader.Find(direct, message).ShouldNotBeNull().Author.Name.ShouldBe("aunt Alice");
        alice.Reader.NameOf(direct).ShouldBe("Zoe");
        alice.Reader.Find(direct, message).ShouldNotBeNull().Author.Name.ShouldBe("alice");
        carol.Reader.Contacts().Select(contact => contact.Name).ShouldBe(["aunt Alice", "Zed"]);
        alice.Reader.Contacts().Select(contact => contact.Name).ShouldBe(["bob", "Zoe"]);
    }

    [Fact]
    public void One_reader_goes_on_seeing_what_changes()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var carol = _world.Befriend(alice, "carol");
        var group = alice.Group("team", bob);
        _world.Pass(s_soon);
        var reader = bob.Reader;
        reader.MembersOf(group).Count.ShouldBe(2);
        reader.NameOf(group).ShouldBe("team");
        alice.Do(new NodeCommand.AddMember(group, carol.Identity)).ShouldBeOfType<NodeResult.Written>();
        alice.Send(group, "carol is here");
        _world.Pass(s_soon);
        reader.MembersOf(group).Count.ShouldBe(3);
        reader.Page(group, 1, null).ShouldHaveSingleItem().Text.ShouldBe("carol is here");
    }

    [Fact]
    public void Who_acknowledges_nothing_and_has_read_a_message_has_it()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        bob.Options = bob.Options with { SendReceipts = false };
        bob.Restart();
        _world.Link(alice, bob);
        var direct = alice.Direct(bob);
        var hello = alice.Send(direct, "hello");
        _world.Pass(s_soon);
        State(alice, direct, hello).ShouldBe("Stored: bob lacks unread");
        Read(bob, direct, hello);
        _world.Pass(s_soon);
        State(alice, direct, hello).ShouldBe("Read: bob has read");
    }

    [Fact]
    public void The_most_recently_active_conversation_comes_first_also_when_the_clock_has_grown_by_a_byte()
    {
        // Milliseconds take a byte more from the seventh of September 2039 on.
        var alice = _world.Add("alice");
        var (one, other) = (alice.Group("one"), alice.Group("other"));
        alice.Skew = (1L << 41) - 60_000 - _world.Wall;
        alice.ReadClock();
        foreach (var group in new[] { one, other, one })
        {
            alice.Send(group, "hello");
            alice.Reader.Conversations()[0].ShouldBe(group);
            _world.Pass(TimeSpan.FromSeconds(45));
            alice.ReadClock();
        }
    }

    private static int Unread(LoopbackNode node, ConversationId conversation) => node.Reader.Summarize(conversation).Unread;

    private static void Read(LoopbackNode node, ConversationId conversation, EntryId message) =>
        node.Do(new NodeCommand.MarkRead(conversation, message)).ShouldBeOfType<NodeResult.Written>();

    private static void React(LoopbackNode node, ConversationId conversation, EntryId message, string emoji, bool remove) =>
        node.Do(new NodeCommand.React(conversation, message, emoji, remove)).ShouldBeOfType<NodeResult.Written>();

    private static IEnumerable<string> Reactions(LoopbackNode node, ConversationId conversation, EntryId message) =>
        node.Reader.Find(conversation, message).ShouldNotBeNull().Reactions
            .Select(reaction => $"{reaction.Emoji} {string.Join(' ', reaction.By.Select(person => person.Name).Order(StringComparer.Ordinal))}");

    // The state, then each receipt: whose, whether delivered, whether read.
    private string State(LoopbackNode node, ConversationId conversation, EntryId message)
    {
        var found = node.Reader.Find(conversation, message).ShouldNotBeNull();
        var receipts = found.Receipts.Select(receipt => $"{_world.Nodes.Single(other => other.Identity == receipt.Identity).Name} {(receipt.Delivered ? "has" : "lacks")} {(receipt.Read ? "read" : "unread")}");
        return $"{found.State}: {string.Join(", ", receipts.Order(StringComparer.Ordinal))}";
    }
}
