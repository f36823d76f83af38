using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Invariants.Subscribers;
using HiNet.Crdt.Simulation.Meaning;
using HiNet.Crdt.Simulation.Tests.Support;

namespace HiNet.Crdt.Simulation.Tests.Meaning;

/// <summary>No kind of event or command is left out of what the simulator checks, unless a reason stands here.</summary>
public sealed class EveryKindTests
{
    private static readonly Dictionary<Type, string> s_unseen = new()
    {
        [typeof(MessagesDelivered)] = "it names no message; the page's receipts are judged by themselves",
        [typeof(DeviceAdded)] = "a page shows people and not their devices",
        [typeof(EquivocationDetected)] = "a page shows nothing of it; the event itself is an invariant's matter",
        [typeof(GroupInvitationReceived)] = "it is about another conversation, which lists show",
        [typeof(UnsupportedEntryAdded)] = "a page shows only messages, and nobody writes other kinds",
    };

    private static readonly Dictionary<Type, string> s_neverTold = new()
    {
        [typeof(RoleChanged)] = "no command changes a role",
        [typeof(EquivocationDetected)] = "honest devices do not fork",
        [typeof(UnsupportedEntryAdded)] = "honest devices write no kind that is not known",
    };

    private static readonly Dictionary<Type, string> s_meanNothing = new()
    {
        [typeof(NodeCommand.CreateInvite)] = "it becomes no entry",
        [typeof(NodeCommand.AddContact)] = "it becomes no entry",
        [typeof(NodeCommand.OpenDirect)] = "a direct conversation begins with its first word",
        [typeof(NodeCommand.AcceptInvitation)] = "what it joins is written by others",
        [typeof(NodeCommand.DeclineInvitation)] = "it becomes no entry",
        [typeof(NodeCommand.KeepLinked)] = "it becomes no entry",
        [typeof(NodeCommand.UseDht)] = "it becomes no entry",
        [typeof(NodeCommand.ListLinks)] = "it becomes no entry",
        [typeof(NodeCommand.Stop)] = "it becomes no entry",
    };

    [Fact]
    public void The_entry_that_an_event_is_about_is_part_of_its_identity()
    {
        foreach (var happened in SampleKinds.Of<ConversationEvent>())
        {
            var namesEntry = Array.Exists(happened.GetType().GetProperties(), property => property.PropertyType == typeof(EntryId));
            (EventIdentity.Of(happened, null).Target != default).ShouldBe(namesEntry, happened.GetType().Name);
        }
    }

    [Fact]
    public void A_view_follows_every_kind_of_event()
    {
        foreach (var happened in SampleKinds.Of<ConversationEvent>())
        {
            (IsSeen(happened, hasBegun: false) || IsSeen(happened, hasBegun: true)).ShouldBe(!s_unseen.ContainsKey(happened.GetType()), happened.GetType().Name);
        }
    }

    [Fact]
    public void Every_kind_of_command_that_becomes_an_entry_has_a_meaning()
    {
        foreach (var command in SampleKinds.Of<NodeCommand>())
        {
            (CommandIntent.Of(command, SampleKinds.Someone.Id) is null).ShouldBe(s_meanNothing.ContainsKey(command.GetType()), command.GetType().Name);
        }
    }

    [Fact]
    public async Task Every_kind_of_event_is_told_in_some_world_and_judged_there()
    {
        var world = new SimulatedWorld(3);
        var alice = world.AddNode("alice");
        var bob = world.AddNode("bob");
        var carol = world.AddNode("carol");
        world.Introduce(alice, bob);
        world.Introduce(alice, carol);
        var group = await alice.CreateGroupAsync("team", [bob.Self.Id]);
        await group.AddMemberAsync(carol.Self.Id);
        var kept = await group.SendAsync("first");
        var gone = await group.SendAsync("gone");
        world.RunUntilQuiet();
        var bobs = bob.FindConversation(group.Id)!;
        await bobs.SendAsync("me, too");
        await bobs.ReactAsync(kept.Id, "+1");
        await bobs.ReactAsync(kept.Id, "+1", remove: true);
        await bobs.MarkReadAsync(kept.Id);
        await group.EditAsync(kept.Id, "second");
        await group.DeleteAsync(gone.Id);
        await carol.FindConversation(group.Id)!.LeaveAsync();

        // Here the events are judged.
        world.RunUntilQuiet();
        var told = new EventRecorder();
        foreach (var ledger in world.Invariants.Ledgers)
        {
            alice.Conversation(ledger.Id).EventsFrom(EventCursor.Start).Subscribe(told).Dispose();
        }

        told.Events.Select(happened => happened.GetType().Name).Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(SampleKinds.Of<ConversationEvent>().Select(happened => happened.GetType()).Where(kind => !s_neverTold.ContainsKey(kind)).Select(kind => kind.Name));
    }

    // Shown before and after, by someone who knows a message with a reaction and a member, or neither of these two.
    private static bool IsSeen(ConversationEvent happened, bool hasBegun)
    {
        var view = new EventView();
        view.Apply(new MessageAdded(happened.Conversation, EventCursor.Start, SampleKinds.Message));
        if (hasBegun)
        {
            view.Apply(new ReactionAdded(happened.Conversation, EventCursor.Start, SampleKinds.Message.Time, SampleKinds.Entry, SampleKinds.Someone, "sample"));
            view.Apply(new MemberAdded(happened.Conversation, EventCursor.Start, SampleKinds.Message.Time, SampleKinds.Someone, SampleKinds.Someone, Role.Reader));
        }

        var before = Shown(view);
        view.Apply(happened);
        return Shown(view) != before;
    }

    private static string Shown(EventView view)
    {
        var message = view.Find(SampleKinds.Entry)!;
        return $"{message.Text} {message.IsDeleted} {message.Reactions.Count} {string.Join(' ', view.Members)} {view.ReadBy(SampleKinds.Someone.Id).Count}";
    }
}
