using HiNet.Crdt.Simulation.Meaning;

namespace HiNet.Crdt.Simulation.Tests.Meaning;

/// <summary>Whoever begins with nothing and is told events only comes to show the page.</summary>
public sealed class EventViewTests
{
    [Fact]
    public async Task Events_alone_make_the_page()
    {
        var world = new SimulatedWorld(3);
        var alice = world.AddNode("alice");
        var bob = world.AddNode("bob");
        world.Introduce(alice, bob);
        var group = await alice.CreateGroupAsync("team", [bob.Self.Id]);
        world.RunUntilQuiet();
        var told = new EventRecorder();
        bob.FindConversation(group.Id)!.EventsFrom(EventCursor.Start).Subscribe(told);
        var kept = await group.SendAsync("first");
        var gone = await group.SendAsync("gone");
        await group.EditAsync(kept.Id, "second");
        await group.ReactAsync(kept.Id, "+1");
        await group.ReactAsync(kept.Id, "-1");
        await group.ReactAsync(kept.Id, "-1", remove: true);
        await group.DeleteAsync(gone.Id);
        await group.MarkReadAsync(kept.Id);
        world.RunUntilQuiet();
        var view = new EventView();
        foreach (var happened in told.Events)
        {
            view.Apply(happened);
        }

        view.Count.ShouldBe(2);
        view.Members.ShouldBe(new SortedDictionary<IdentityId, Role> { [alice.Self.Id] = Role.Owner, [bob.Self.Id] = Role.Member });
        view.Find(kept.Id)!.Text.ShouldBe("second");
        view.Find(kept.Id)!.Reactions.ShouldBe([("+1", alice.Self.Id)]);
        view.Find(gone.Id)!.IsDeleted.ShouldBeTrue();
        view.Find(gone.Id)!.Text.ShouldBeNull();
        view.ReadBy(alice.Self.Id).ShouldBe([kept.Id]);
    }
}
