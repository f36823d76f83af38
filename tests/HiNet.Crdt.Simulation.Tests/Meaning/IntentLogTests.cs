using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Simulation.Meaning;
using HiNet.Crdt.Simulation.Storage;

namespace HiNet.Crdt.Simulation.Tests.Meaning;

/// <summary>What an entry means is known from what was asked, also when no answer came.</summary>
public sealed class IntentLogTests
{
    [Fact]
    public async Task An_answer_names_the_entry_that_a_command_became()
    {
        var world = new SimulatedWorld(1);
        var alice = world.AddNode("alice");
        var notes = await alice.OpenDirectAsync(alice.Self.Id);
        var first = await notes.SendAsync("hello");
        var second = await notes.ReplyAsync(first.Id, "and more");
        world.Invariants.Intents.Of(first.Id).ShouldBe(new Intent.Say("hello", null));
        world.Invariants.Intents.Of(second.Id).ShouldBe(new Intent.Say("and more", first.Id));
    }

    [Fact]
    public async Task What_a_crash_left_of_the_commands_of_a_life_are_the_first_of_them()
    {
        var world = new SimulatedWorld(1, new WorldOptions { Disk = new DiskOptions { SurvivesCrashProbability = 1 } });
        var alice = world.AddNode("alice");
        var notes = await alice.OpenDirectAsync(alice.Self.Id);
        await notes.SendAsync("before");
        alice.Process.Submit(new NodeCommand.SendText(notes.Id, "one", null), static _ => { });
        alice.Process.Submit(new NodeCommand.SendText(notes.Id, "two", null), static _ => { });
        world.Crash(alice);
        world.Restart(alice);
        world.RunUntilQuiet();
        var shown = notes.ReadPage();
        shown.Count.ShouldBeGreaterThan(1);
        shown[1].Text.ShouldBe("one");
        foreach (var message in shown)
        {
            world.Invariants.Intents.Of(message.Id).ShouldBe(new Intent.Say(message.Text!, null));
        }
    }

    [Fact]
    public async Task A_receipt_that_a_crash_left_says_itself_whether_a_person_asked_for_it()
    {
        var world = new SimulatedWorld(1, new WorldOptions { Disk = new DiskOptions { SurvivesCrashProbability = 1 } });
        var alice = world.AddNode("alice");
        var notes = await alice.OpenDirectAsync(alice.Self.Id);
        var message = await notes.SendAsync("before");
        alice.Process.Submit(new NodeCommand.MarkRead(notes.Id, message.Id), static _ => { });
        world.Crash(alice);
        world.Restart(alice);
        world.RunUntilQuiet();
        var receipt = world.Invariants.LedgerOf(notes.Id)!.Entries.Single(entry => entry.Entry.Kind == EntryKind.Receipt);
        world.Invariants.Intents.Of(receipt.Entry.Id).ShouldBe(new Intent.ReadUpTo(message.Id));
    }

    [Fact]
    public void Only_what_people_can_ask_for_has_to_be_asked_for()
    {
        CommandIntent.IsAskedFor(EntryKind.Message).ShouldBeTrue();
        CommandIntent.IsAskedFor(EntryKind.Receipt).ShouldBeFalse();
        CommandIntent.IsAskedFor(EntryKind.Epoch).ShouldBeFalse();
    }
}
