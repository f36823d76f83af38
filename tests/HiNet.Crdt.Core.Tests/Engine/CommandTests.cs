using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>What people get wrong is refused with one sentence, and changes nothing.</summary>
public sealed class CommandTests
{
    private readonly LoopbackWorld _world = new();
    private readonly LoopbackNode _alice;
    private readonly LoopbackNode _bob;
    private readonly ConversationId _group;
    private readonly EntryId _message;

    public CommandTests()
    {
        (_alice, _bob) = _world.Contacts("alice", "bob");
        _group = _alice.Group("team", _bob);
        _message = _alice.Send(_group, "hello");
        _world.Pass(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Texts_that_cannot_be_messages()
    {
        Say("").ShouldBe("The text is empty: write at least one character.");
        Say(new string('x', 65_537)).ShouldBe("The text is longer than 65536 bytes of UTF-8: split it into several messages.");
        Say(new string('é', 32_769)).ShouldBe("The text is longer than 65536 bytes of UTF-8: split it into several messages.");
        Say("half \ud83d a pair").ShouldBe("The text is not valid Unicode: it has half of a surrogate pair.");
        Refused(new NodeCommand.Edit(_group, _message, "")).ShouldBe("The text is empty: write at least one character.");

        string Say(string text) => Refused(new NodeCommand.SendText(_group, text, null));
    }

    [Fact]
    public void The_longest_text_arrives_whole()
    {
        var text = new string('é', 32_768);
        _alice.Send(_group, text);
        _world.Pass(TimeSpan.FromSeconds(2));
        _bob.Texts(_group)[^1].ShouldBe(text);
    }

    [Fact]
    public void Conversations_and_messages_that_are_not_there()
    {
        var nowhere = new ConversationId(Support.TestKeys.Named("nowhere"));
        var nothing = Support.TestKeys.Entry("nothing");
        const string noConversation = "This node holds no such conversation: list them to see which it holds.";
        const string noMessage = "There is no such message in this conversation: look up its id in the history.";
        Refused(new NodeCommand.SendText(nowhere, "hi", null)).ShouldBe(noConversation);
        Refused(new NodeCommand.Delete(nowhere, _message)).ShouldBe(noConversation);
        Refused(new NodeCommand.Leave(nowhere)).ShouldBe(noConversation);
        Refused(new NodeCommand.AddMember(nowhere, _bob.Identity)).ShouldBe(noConversation);
        Refused(new NodeCommand.SendText(_group, "hi", nothing)).ShouldBe(noMessage);
        Refused(new NodeCommand.Edit(_group, nothing, "hi")).ShouldBe(noMessage);
        Refused(new NodeCommand.Delete(_group, nothing)).ShouldBe(noMessage);
        Refused(new NodeCommand.React(_group, nothing, "!", false)).ShouldBe(noMessage);
        Refused(new NodeCommand.MarkRead(_group, nothing)).ShouldBe(noMessage);

        // A message of another conversation is none of this one.
        var elsewhere = _alice.Send(_alice.Direct(_bob), "elsewhere");
        Refused(new NodeCommand.Edit(_group, elsewhere, "hi")).ShouldBe(noMessage);
        Refused(new NodeCommand.SendText(_group, "hi", elsewhere)).ShouldBe(noMessage);
    }

    [Fact]
    public void Others_messages_are_theirs()
    {
        Refused(new NodeCommand.Edit(_group, _message, "mine"), _bob).ShouldBe("You can only edit your own messages.");
        Refused(new NodeCommand.Delete(_group, _message), _bob).ShouldBe("You can only delete your own messages.");
    }

    [Fact]
    public void What_was_deleted_is_not_edited()
    {
        _alice.Do(new NodeCommand.Delete(_group, _message)).ShouldBeOfType<NodeResult.Written>();
        _alice.Refusal(new NodeCommand.Edit(_group, _message, "again")).ShouldBe("This message was deleted: write a new one.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void Reactions_are_1_to_64_bytes(int length) =>
        Refused(new NodeCommand.React(_group, _message, new string('x', length), false))
            .ShouldBe("A reaction is 1 to 64 bytes of UTF-8: use a single emoji.");

    [Theory]
    [InlineData(0)]
    [InlineData(129)]
    public void Names_of_groups_are_1_to_128_bytes(int length)
    {
        var before = _alice.Reader.Conversations().Count;
        _alice.Refusal(new NodeCommand.CreateGroup(new string('x', length), [])).ShouldBe("A group's name is 1 to 128 bytes of UTF-8.");
        _alice.Reader.Conversations().Count.ShouldBe(before);
    }

    [Fact]
    public void Groups_are_for_contacts_and_only_admins_add()
    {
        var stranger = _world.Add("stranger");
        _alice.Refusal(new NodeCommand.CreateGroup("x", [stranger.Identity]))
            .ShouldBe($"{stranger.Identity} is not a contact: add them with an invite of theirs first.");
        Refused(new NodeCommand.AddMember(_group, stranger.Identity)).ShouldBe("This person is not a contact yet: add them with an invite of theirs.");
        Refused(new NodeCommand.AddMember(_group, _bob.Identity)).ShouldBe("This person is a member already.");
        Refused(new NodeCommand.AddMember(_group, _alice.Identity), _bob)
            .ShouldBe("Only an admin or owner of the group can add members: ask one of them.");
        Refused(new NodeCommand.OpenDirect(stranger.Identity)).ShouldBe("This person is not a contact yet: add them with an invite of theirs.");
        var direct = _alice.Direct(_bob);
        Refused(new NodeCommand.AddMember(direct, stranger.Identity)).ShouldBe("Nobody can be added to a direct conversation: create a group instead.");
        Refused(new NodeCommand.Leave(direct)).ShouldBe("A direct conversation cannot be left.");
    }

    [Fact]
    public void Whoever_left_is_told_so()
    {
        _bob.Do(new NodeCommand.Leave(_group)).ShouldBeOfType<NodeResult.Written>();
        Refused(new NodeCommand.SendText(_group, "still here", null), _bob)
            .ShouldBe("You are not a member of this group (any more): ask an admin to add you.");
        Refused(new NodeCommand.Leave(_group), _bob).ShouldBe("You are not a member of this group (any more): ask an admin to add you.");
    }

    [Fact]
    public void A_group_whose_history_has_not_come_yet_is_not_written_in()
    {
        // Alice cannot send the group's entries, only the direct conversation's: the group's channel is refused.
        var carol = _world.Befriend(_alice, "carol");
        var direct = carol.Direct(_alice);
        carol.Send(direct, "hi");
        _world.Pass(TimeSpan.FromSeconds(2));
        _world.Unlink(_alice, carol);
        _alice.Do(new NodeCommand.AddMember(_group, carol.Identity)).ShouldBeOfType<NodeResult.Written>();
        var alice = new HostileMember(_world, _alice, direct);
        alice.Give(carol, alice.Everything());
        carol.Reader.KindOf(_group).ShouldBe(ConversationKind.Group);
        carol.Refusal(new NodeCommand.SendText(_group, "hello?", null))
            .ShouldBe("This group's history has not arrived yet: link to one of its members first.");
        carol.Reader.NameOf(_group).ShouldBe("team");
    }

    [Fact]
    public void A_message_to_someone_who_is_not_linked_is_stored_and_none_is_ever_queued()
    {
        _world.Unlink(_alice, _bob);
        var direct = _alice.Direct(_bob);
        var written = _alice.Do(new NodeCommand.SendText(direct, "later", null)).ShouldBeOfType<NodeResult.Written>();
        written.State.ShouldBe(MessageState.Stored);
        _alice.Reader.Find(direct, written.Entry)!.State.ShouldBe(MessageState.Stored);
        _world.Link(_alice, _bob);
        _world.Pass(TimeSpan.FromSeconds(5));
        _alice.Reader.Find(direct, written.Entry)!.State.ShouldBe(MessageState.Delivered);
        _bob.Do(new NodeCommand.MarkRead(direct, written.Entry)).ShouldBeOfType<NodeResult.Written>();
        _world.Pass(TimeSpan.FromSeconds(1));
        _alice.Reader.Find(direct, written.Entry)!.State.ShouldBe(MessageState.Read);
    }

    [Fact]
    public void Invites_that_are_none()
    {
        Refused(new NodeCommand.AddContact("hello", null)).ShouldEndWith(".");
        Refused(new NodeCommand.AddContact("", null)).ShouldEndWith(".");
        Refused(new NodeCommand.AddContact(new string('x', 100_000), null)).ShouldBe("This is too long to be an invite: copy only the invite.");
        var invite = _bob.Invite();
        Refused(new NodeCommand.AddContact(invite[..^3], null)).ShouldContain("copy the whole of it again");
        var middle = invite.Length / 2;
        var mistyped = invite[..middle] + (invite[middle] == 'a' ? 'b' : 'a') + invite[(middle + 1)..];
        Refused(new NodeCommand.AddContact(mistyped, null)).ShouldContain("copy the whole of it again");
        _alice.Refusal(new NodeCommand.AddContact(_alice.Invite(), null)).ShouldBe("This invite is your own: give it to someone else.");
    }

    [Fact]
    public void An_expired_invite_is_refused_and_its_issuer_does_not_answer_it()
    {
        var invite = _alice.Invite();
        var (early, late) = (_world.Add("early"), _world.Add("late"));
        early.Do(new NodeCommand.AddContact(invite, null)).ShouldBeOfType<NodeResult.Added>();
        _world.Unlink(_alice, _bob);
        _world.Pass(Limits.InviteLifetime + TimeSpan.FromSeconds(1));
        late.Refusal(new NodeCommand.AddContact(invite, null)).ShouldBe("This invite has expired: ask for a new one.");
        _world.Link(early, _alice);
        _world.Pass(TimeSpan.FromSeconds(5));
        _alice.Reader.Contacts().Select(c => c.Name).ShouldBe(["bob"]);
    }

    [Fact]
    public void An_invite_admits_both_and_an_unused_one_nobody()
    {
        var invite = _alice.Invite();
        var (carol, dave) = (_world.Add("carol"), _world.Add("dave"));
        carol.Do(new NodeCommand.AddContact(invite, "C's friend")).ShouldBeOfType<NodeResult.Added>().Contact.Name.ShouldBe("C's friend");
        _world.Link(carol, _alice);
        _world.Link(dave, _alice);
        _alice.Reader.Contacts().Select(c => c.Name).ShouldBe(["bob", "carol"]);
        _alice.Events.OfType<ContactAdded>().Count(e => e.Contact.Name == "carol").ShouldBe(1);
        carol.Reader.Contacts().ShouldHaveSingleItem().OwnName.ShouldBe("alice");
        dave.Reader.Contacts().ShouldBeEmpty();
    }

    [Fact]
    public void A_stopped_node_says_so_and_links_to_nobody()
    {
        _alice.Do(new NodeCommand.Stop()).ShouldBeOfType<NodeResult.Done>();
        _alice.IsLinked.ShouldBeFalse();
        _alice.Do(new NodeCommand.SendText(_group, "hi", null)).ShouldBeOfType<NodeResult.Stopped>().Problem.ShouldBe("The node is stopped: start it again.");
        _world.Link(_bob, _alice);
        _alice.IsLinked.ShouldBeFalse();
    }

    private string Refused(NodeCommand command, LoopbackNode? node = null)
    {
        node ??= _alice;
        var before = node.Reader.StatusOf(_group);
        var problem = node.Refusal(command);
        problem.ShouldEndWith(".");
        node.Reader.StatusOf(_group).StateHash.ShouldBe(before.StateHash);
        return problem;
    }
}
