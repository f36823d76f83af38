using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine.Reading;

public sealed class NodeReaderEventsTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(2);

    private readonly LoopbackWorld _world = new();

    [Fact]
    public void Each_change_is_one_event_with_what_was_changed_and_by_whom()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var carol = _world.Befriend(alice, "carol");
        var group = alice.Group("team", bob);
        _world.Pass(s_soon);
        var seen = bob.Reader.LastCursor(group);
        var hello = alice.Send(group, "helo");
        Do(alice, new NodeCommand.Edit(group, hello, "hello"));
        Do(alice, new NodeCommand.React(group, hello, "👍", false));
        Do(alice, new NodeCommand.React(group, hello, "👍", true));
        Do(alice, new NodeCommand.AddMember(group, carol.Identity));
        _world.Pass(s_soon);
        Do(carol, new NodeCommand.MarkRead(group, hello));
        _world.Pass(s_soon);

        var events = bob.Reader.Events(group, seen, 100).Where(happened => happened is not (MessagesDelivered or DeviceAdded)).ToList();
        var message = events.OfType<MessageAdded>().ShouldHaveSingleItem();
        (message.Id, message.Author.Name).ShouldBe((hello, "alice"));
        var edited = events.OfType<MessageEdited>().ShouldHaveSingleItem();
        (edited.Message, edited.Author.Name, edited.Text).ShouldBe((hello, "alice", "hello"));
        var added = events.OfType<ReactionAdded>().ShouldHaveSingleItem();
        (added.Message, added.Author.Name, added.Emoji).ShouldBe((hello, "alice", "👍"));
        var removed = events.OfType<ReactionRemoved>().ShouldHaveSingleItem();
        (removed.Message, removed.Author.Name, removed.Emoji).ShouldBe((hello, "alice", "👍"));
        var joined = events.OfType<MemberAdded>().ShouldHaveSingleItem();
        (joined.Member.Name, joined.By.Name, joined.Role).ShouldBe(("carol", "alice", Role.Member));
        var read = events.OfType<MessagesRead>().ShouldHaveSingleItem();
        (read.UpTo, read.By.Name).ShouldBe((hello, "carol"));
        events.Count.ShouldBe(6);
        events.Select(happened => happened.Cursor.Position).ShouldBeInOrder(SortDirection.Ascending);
        bob.Reader.Events(group, events[^2].Cursor, 100)[0].Cursor.Position.ShouldBeGreaterThan(events[^2].Cursor.Position);
    }

    [Fact]
    public void A_deletion_and_a_departure_are_told_with_who_it_was()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var carol = _world.Befriend(alice, "carol");
        var group = alice.Group("team", bob, carol);
        var hello = alice.Send(group, "hello");
        _world.Pass(s_soon);
        var seen = bob.Reader.LastCursor(group);
        Do(alice, new NodeCommand.Delete(group, hello));
        _world.Pass(s_soon);
        Do(carol, new NodeCommand.Leave(group));
        _world.Pass(s_soon);

        var events = bob.Reader.Events(group, seen, 100).Where(happened => happened is not MessagesDelivered).ToList();
        events.Count.ShouldBe(2);
        var deleted = events[0].ShouldBeOfType<MessageDeleted>();
        (deleted.Message, deleted.Author.Name).ShouldBe((hello, "alice"));
        events[1].ShouldBeOfType<MemberLeft>().Member.Name.ShouldBe("carol");
    }

    [Fact]
    public void A_change_of_role_names_whose_it_is_and_who_made_it()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var group = alice.Group("team", bob);
        alice.Send(group, "welcome");
        _world.Pass(s_soon);
        _world.Unlink(alice, bob);
        _world.Nodes.Remove(alice);
        var owner = new HostileMember(_world, alice, group);
        var seen = bob.Reader.LastCursor(group);
        var body = new SetRoleBody { Identity = ByteString.CopyFrom(bob.Identity.ToArray()), Role = (uint)Role.Admin };
        owner.Give(bob, owner.Sign(owner.Write(owner.Draft(EntryKind.SetRole), body)));

        var changed = bob.Reader.Events(group, seen, 100).OfType<RoleChanged>().ShouldHaveSingleItem();
        (changed.Member.Id, changed.Member.Name).ShouldBe((bob.Identity, "bob"));
        (changed.By.Id, changed.By.Name).ShouldBe((alice.Identity, "alice"));
        changed.Role.ShouldBe(Role.Admin);
        bob.Reader.MembersOf(group).Single(member => member.Person.Id == bob.Identity).Role.ShouldBe(Role.Admin);
    }

    [Fact]
    public void A_group_begins_with_its_name_and_its_members()
    {
        var (alice, bob) = _world.Contacts("alice", "bob");
        var group = alice.Group("team", bob);
        _world.Pass(s_soon);

        var created = bob.Reader.Events(group, default, 1).ShouldHaveSingleItem().ShouldBeOfType<GroupCreated>();
        (created.By.Name, created.Name).ShouldBe(("alice", "team"));
        created.Members.Select(member => member.Name).ShouldBe(["alice", "bob"], ignoreOrder: true);
        var told = bob.Reader.Events(bob.Direct(alice), default, 100).OfType<GroupInvitationReceived>().ShouldHaveSingleItem();
        (told.By.Name, told.Group, told.Name).ShouldBe(("alice", group, "team"));
    }

    private static void Do(LoopbackNode node, NodeCommand command) => node.Do(command).ShouldBeOfType<NodeResult.Written>();
}
