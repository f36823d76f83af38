using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Network;
using HiNet.Crdt.Simulation.Tests.Support;

namespace HiNet.Crdt.Simulation.Tests;

public sealed class SimulatedWorldTests
{
    [Fact]
    public async Task What_one_node_sends_every_node_shows()
    {
        var world = ToyWorld.Create(1, 3);
        await world.Nodes[0].Chat().SendAsync("hello");
        world.RunUntilQuiet();
        foreach (var node in world.Nodes)
        {
            node.Chat().ReadPage().Single().Text.ShouldBe("hello");
        }
    }

    [Fact]
    public void Time_passes_only_when_the_world_runs()
    {
        var world = ToyWorld.Create(1, 2);
        world.Now.ShouldBe(TimeSpan.Zero);
        world.RunFor(TimeSpan.FromDays(3));
        world.Now.ShouldBe(TimeSpan.FromDays(3));
    }

    [Fact]
    public async Task An_observer_may_answer_and_its_continuation_runs_inside_the_world()
    {
        var world = ToyWorld.Create(4, 2);
        var bot = world.Nodes[1];
        var thread = Environment.CurrentManagedThreadId;
        var continuedOn = 0;
        using var subscription = bot.Chat().Events.Subscribe(new Observer<ConversationEvent>(happened => _ = AnswerAsync(happened)));
        await world.Nodes[0].Chat().SendAsync("ping");
        world.RunUntilQuiet();
        world.Nodes[0].Chat().ReadPage().Select(message => message.Text).ShouldBe(["ping", "pong"]);
        continuedOn.ShouldBe(thread);

        async Task AnswerAsync(ConversationEvent happened)
        {
            if (happened is MessageAdded { Text: "ping" })
            {
                await bot.Chat().SendAsync("pong").ConfigureAwait(false);
                continuedOn = Environment.CurrentManagedThreadId;
            }
        }
    }

    [Fact]
    public async Task An_observer_that_throws_ends_only_itself_and_is_remembered()
    {
        var world = ToyWorld.Create(4, 2);
        var calls = 0;
        var others = 0;
        var chat = world.Nodes[1].Chat();
        using var throws = chat.Events.Subscribe(new Observer<ConversationEvent>(_ =>
        {
            calls++;
            throw new InvalidOperationException("the host's own defect");
        }));
        using var goesOn = chat.Events.Subscribe(new Observer<ConversationEvent>(_ => others++));
        await world.Nodes[0].Chat().SendAsync("one");
        await world.Nodes[0].Chat().SendAsync("two");
        world.RunUntilQuiet();
        calls.ShouldBe(1);
        others.ShouldBe(2);
        world.ObserverFailures.Single().Message.ShouldBe("the host's own defect");
    }

    [Fact]
    public async Task An_observer_may_leave_and_come_back_from_within_a_call()
    {
        var world = ToyWorld.Create(4, 2);
        var chat = world.Nodes[1].Chat();
        List<string> seen = [];
        IDisposable? subscription = null;
        subscription = chat.Events.Subscribe(new Observer<ConversationEvent>(Hear));
        foreach (var text in (string[])["one", "two", "three"])
        {
            await world.Nodes[0].Chat().SendAsync(text);
        }

        world.RunUntilQuiet();
        seen.ShouldBe(["one", "two", "three"]);

        void Hear(ConversationEvent happened)
        {
            seen.Add(((MessageAdded)happened).Text);
            subscription!.Dispose();
            subscription = chat.EventsFrom(happened.Cursor).Subscribe(new Observer<ConversationEvent>(Hear));
        }
    }

    [Fact]
    public async Task A_partition_holds_messages_back_until_it_heals()
    {
        var world = ToyWorld.Create(2, 4);
        world.RunFor(TimeSpan.FromSeconds(2));
        world.Partition([world.Nodes[0], world.Nodes[1]], [world.Nodes[2], world.Nodes[3]]);
        await world.Nodes[0].Chat().SendAsync("left");
        await world.Nodes[2].Chat().SendAsync("right");
        world.RunFor(TimeSpan.FromSeconds(120));
        world.Nodes[1].Chat().ReadPage().Select(message => message.Text).ShouldBe(["left"]);
        world.Nodes[3].Chat().ReadPage().Select(message => message.Text).ShouldBe(["right"]);
        world.Heal();
        world.RunUntilQuiet();
        world.Nodes.Select(node => node.Chat().ReadPage().Count).ShouldAllBe(count => count == 2);
    }

    [Fact]
    public async Task A_one_way_cut_stops_one_way()
    {
        var world = ToyWorld.Create(3, 2);
        world.RunFor(TimeSpan.FromSeconds(2));
        world.CutLink(world.Nodes[0], world.Nodes[1]);
        await world.Nodes[0].Chat().SendAsync("from 0");
        await world.Nodes[1].Chat().SendAsync("from 1");
        world.RunFor(TimeSpan.FromSeconds(5));
        world.Nodes[0].Chat().ReadPage().Count.ShouldBe(2);
        world.Nodes[1].Chat().ReadPage().Count.ShouldBe(1);
        world.MendLink(world.Nodes[0], world.Nodes[1]);
        world.RunUntilQuiet();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_crashed_node_comes_back_with_what_it_acknowledged(bool losePower)
    {
        var world = ToyWorld.Create(5, 3);
        var sent = await world.Nodes[0].Chat().SendAsync("kept");
        world.Crash(world.Nodes[0], losePower);
        await Should.ThrowAsync<HiNetException>(async () => await world.Nodes[0].Chat().SendAsync("too late"));
        await world.Nodes[1].Chat().SendAsync("meanwhile");
        world.RunFor(TimeSpan.FromSeconds(100));
        world.Restart(world.Nodes[0]);
        world.Nodes[0].Chat().Find(sent.Id).ShouldNotBeNull();
        await world.Nodes[0].Chat().SendAsync("again");
        world.RunUntilQuiet();
        world.Nodes[2].Chat().ReadPage().Select(message => message.Text).ShouldBe(["kept", "meanwhile", "again"], ignoreOrder: true);
    }

    [Fact]
    public void An_operation_whose_node_crashes_fails_with_a_sentence()
    {
        var world = ToyWorld.Create(6, 2);
        Task<SentMessage>? sent = null;
        using var subscription = world.Nodes[0].Chat().Events.Subscribe(new Observer<ConversationEvent>(_ =>
        {
            sent ??= world.Nodes[0].Chat().SendAsync("never durable");
            world.Crash(world.Nodes[0]);
        }));
        _ = world.Nodes[1].Chat().SendAsync("go");
        world.RunFor(TimeSpan.FromSeconds(5));
        sent.ShouldNotBeNull().Exception!.InnerException.ShouldBeOfType<HiNetException>();
    }

    [Fact]
    public async Task A_paused_node_goes_on_where_it_stopped()
    {
        var world = ToyWorld.Create(7, 2);
        world.RunFor(TimeSpan.FromSeconds(1));
        world.Pause(world.Nodes[1]);
        await world.Nodes[0].Chat().SendAsync("wait");
        world.RunFor(TimeSpan.FromHours(1));
        world.Nodes[1].Chat().ReadPage().ShouldBeEmpty();
        world.Resume(world.Nodes[1]);
        world.RunUntilQuiet();
        world.Nodes[1].Chat().ReadPage().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Subscriptions_go_on_behind_their_cursor_after_a_crash()
    {
        var world = ToyWorld.Create(8, 2);
        List<string> seen = [];
        using var subscription = world.Nodes[1].Chat().EventsFrom(EventCursor.Start).Subscribe(new Observer<ConversationEvent>(happened => seen.Add(((MessageAdded)happened).Text)));
        await world.Nodes[0].Chat().SendAsync("one");
        world.RunUntilQuiet();
        world.Crash(world.Nodes[1]);
        await world.Nodes[0].Chat().SendAsync("two");
        world.Restart(world.Nodes[1]);
        world.RunUntilQuiet();
        seen.ShouldBe(["one", "two"]);
    }

    [Fact]
    public void Equal_seeds_and_calls_make_equal_worlds()
    {
        var first = Busy(11);
        var second = Busy(11);
        second.TraceHash.ShouldBe(first.TraceHash);
        second.Events.ShouldBe(first.Events);
        Busy(12).TraceHash.ShouldNotBe(first.TraceHash);
    }

    [Fact]
    public void The_trace_hash_of_a_seed_is_the_same_in_every_process_and_build() => Busy(11).TraceHash.ShouldBe(PinnedTrace);

    [Fact]
    public void A_machine_that_throws_is_a_crash_with_its_seed()
    {
        var world = ToyWorld.Create(77, 1, bug: ToyBug.Throws);
        var failure = Should.Throw<SimulationException>(() => world.Nodes[0].Chat().SendAsync("throw").GetAwaiter().GetResult());
        failure.Result.ShouldBe(SimulationResult.Crash);
        failure.Message.ShouldContain("seed 77");
        failure.Message.ShouldContain("planted");
    }

    [Fact]
    public void A_loop_without_progress_uses_up_its_budget()
    {
        var options = new WorldOptions { Budget = new SimulationBudget { EventsAtOneTime = 5000 }, LinkEveryone = false };
        var world = ToyWorld.Create(1, 2, options, ToyBug.Spins);
        world.Crash(world.Nodes[1]);
        world.Link(world.Nodes[0], world.Nodes[1]);
        var failure = Should.Throw<SimulationException>(() => world.RunFor(TimeSpan.FromSeconds(10)));
        failure.Result.ShouldBe(SimulationResult.Liveness);
        failure.Invariant.ShouldBe("budget");
    }

    [Fact]
    public void Too_many_events_use_up_the_budget()
    {
        var world = ToyWorld.Create(1, 3, new WorldOptions { Budget = new SimulationBudget { Events = 20 } });
        Should.Throw<SimulationException>(() => world.RunFor(TimeSpan.FromDays(1))).Invariant.ShouldBe("budget");
    }

    [Fact]
    public async Task A_node_that_never_dials_again_is_found_out()
    {
        var world = ToyWorld.Create(9, 2, new WorldOptions { Patience = TimeSpan.FromMinutes(2) }, ToyBug.NeverDialsAgain);
        world.RunFor(TimeSpan.FromSeconds(1));
        world.Crash(world.Nodes[0]);
        world.RunFor(TimeSpan.FromSeconds(1));
        world.Restart(world.Nodes[0]);
        await world.Nodes[1].Chat().SendAsync("hello?");
        var failure = Should.Throw<SimulationException>(world.RunUntilQuiet);
        failure.Result.ShouldBe(SimulationResult.Liveness);
        failure.Invariant.ShouldBe("convergence");
        failure.Detail.ShouldContain("node 0 had 0 of the 1 entries");
    }

    [Fact]
    public void Clocks_differ_and_step()
    {
        var world = ToyWorld.Create(10, 3, new WorldOptions { ClockSkew = TimeSpan.FromSeconds(2), ClockDriftPerMillion = 100 });
        var walls = world.Nodes.Select(node => node.Process.WallClock).ToList();
        walls.Distinct().Count().ShouldBe(3);
        walls.ShouldAllBe(wall => Math.Abs(wall - world.Options.Epoch.ToUnixTimeMilliseconds()) <= 2000);
        world.StepClock(world.Nodes[0], TimeSpan.FromHours(-1));
        world.Nodes[0].Process.WallClock.ShouldBe(walls[0] - 3_600_000);
    }

    private const ulong PinnedTrace = 13633473361417312684;

    private static SimulatedWorld Busy(ulong seed)
    {
        var world = ToyWorld.Create(seed, 4, new WorldOptions { Network = new NetworkOptions { Loss = 0.05 }, ClockSkew = TimeSpan.FromSeconds(2) });
        for (var i = 0; i < 20; i++)
        {
            _ = world.Nodes[i % 4].Chat().SendAsync($"message {i}");
            world.RunFor(TimeSpan.FromMilliseconds(200));
        }

        world.Crash(world.Nodes[2]);
        world.Partition([world.Nodes[0]], [world.Nodes[1]]);
        world.RunFor(TimeSpan.FromSeconds(30));
        world.Restart(world.Nodes[2]);
        world.Heal();
        world.RunUntilQuiet();
        return world;
    }
}
