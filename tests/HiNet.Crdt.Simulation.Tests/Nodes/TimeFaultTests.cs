using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Tests.Nodes;

/// <summary>What time does to machines, and what is promised then.</summary>
public sealed class TimeFaultTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_machine_that_slept_for_hours_catches_up_and_knows_the_time(bool clockStops)
    {
        var (world, alice, bob, direct) = Pair();
        world.Suspend(alice, clockStops);
        world.RunFor(TimeSpan.FromHours(3));
        await bob.FindConversation(direct.Id)!.SendAsync("are you there?");
        world.RunFor(TimeSpan.FromMinutes(2));
        alice.FindConversation(direct.Id)!.ReadPage().ShouldBeEmpty();
        world.Wake(alice);
        world.RunUntilQuiet();
        alice.FindConversation(direct.Id)!.ReadPage().Single().Text.ShouldBe("are you there?");
        var sent = await alice.FindConversation(direct.Id)!.SendAsync("now I am");
        var time = alice.FindConversation(direct.Id)!.Find(sent.Id)!.Time;
        (world.Options.Epoch + world.Now - time).Duration().ShouldBeLessThan(TimeSpan.FromSeconds(2));
        world.RunUntilQuiet();
    }

    [Fact]
    public async Task A_home_that_was_put_back_apart_from_the_others_has_two_futures_and_everyone_keeps_both()
    {
        var (world, alice, bob, direct) = Pair();
        await direct.SendAsync("first");
        world.RunUntilQuiet();
        world.Backup(alice);
        await direct.SendAsync("forgotten");
        world.RunUntilQuiet();
        world.Partition([alice], [bob]);
        world.Restore(alice);
        Texts(alice, direct).ShouldBe(["first"]);
        await alice.FindConversation(direct.Id)!.SendAsync("written again");
        world.Heal();
        world.RunUntilQuiet();
        Texts(alice, direct).ShouldBe(["first", "forgotten", "written again"], ignoreOrder: true);
        Texts(bob, direct).ShouldBe(Texts(alice, direct));
        await bob.FindConversation(direct.Id)!.SendAsync("I see");
        await alice.FindConversation(direct.Id)!.SendAsync("so do I");
        world.RunUntilQuiet();
        Texts(alice, direct).Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_home_that_was_put_back_and_hears_from_others_first_goes_on_where_it_was()
    {
        var (world, alice, bob, direct) = Pair();
        world.Backup(alice);
        await direct.SendAsync("forgotten");
        world.RunUntilQuiet();
        world.Restore(alice);
        world.RunFor(TimeSpan.FromSeconds(30));
        Texts(alice, direct).ShouldBe(["forgotten"]);
        await alice.FindConversation(direct.Id)!.SendAsync("and more");
        world.RunUntilQuiet();
        Texts(bob, direct).ShouldBe(["forgotten", "and more"]);
        world.Invariants.Ledgers.Single(ledger => ledger.Id == direct.Id).Entries
            .GroupBy(entry => (entry.Entry.Device, entry.Entry.Seq)).ShouldAllBe(place => place.Count() == 1);
    }

    [Fact]
    public async Task Two_copies_of_one_home_write_and_nobody_parts()
    {
        var (world, alice, bob, direct) = Pair();
        await direct.SendAsync("first");
        world.RunUntilQuiet();
        var twin = world.Copy(alice)!;
        world.Partition([twin], [alice, bob]);
        await twin.FindConversation(direct.Id)!.SendAsync("from the twin");
        await alice.FindConversation(direct.Id)!.SendAsync("from alice");
        world.RunFor(TimeSpan.FromSeconds(5));
        world.Heal();
        world.Partition([alice], [bob, twin]);
        world.RunFor(TimeSpan.FromSeconds(60));
        world.Heal();
        world.EndCopies(alice);

        // Quiet does not wait for a home that ran twice.
        world.RunUntil(() => Texts(alice, direct).Count == 3, TimeSpan.FromMinutes(5));
        world.RunUntilQuiet();
        Texts(alice, direct).ShouldBe(["first", "from the twin", "from alice"], ignoreOrder: true);
        Texts(bob, direct).ShouldBe(Texts(alice, direct));
    }

    [Fact]
    public async Task What_a_clock_a_year_ahead_has_written_waits_and_stops_nobody_else()
    {
        var (world, alice, bob, direct) = Pair();
        world.Partition([alice], [bob]);
        world.StepClock(alice, TimeSpan.FromDays(365));
        await direct.SendAsync("from next year");
        world.StepClock(alice, -TimeSpan.FromDays(365));
        world.Heal();
        world.RunFor(TimeSpan.FromSeconds(30));
        await bob.FindConversation(direct.Id)!.SendAsync("from now");
        world.RunUntilQuiet();
        Texts(bob, direct).ShouldBe(["from now"]);
        Texts(alice, direct).ShouldContain("from now");
    }

    private static List<string?> Texts(SimulatedNode node, IConversation direct) =>
        [.. node.FindConversation(direct.Id)!.ReadPage().Select(message => message.Text)];

    private static (SimulatedWorld World, SimulatedNode Alice, SimulatedNode Bob, IConversation Direct) Pair()
    {
        var world = new SimulatedWorld(8);
        var alice = world.AddNode("alice");
        var bob = world.AddNode("bob");
        world.Introduce(alice, bob);
        var direct = alice.OpenDirectAsync(bob.Self.Id).GetAwaiter().GetResult();
        world.RunUntilQuiet();
        return (world, alice, bob, direct);
    }
}
