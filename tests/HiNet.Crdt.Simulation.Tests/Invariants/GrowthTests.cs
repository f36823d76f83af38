using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Adversaries;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Tests.Invariants;

/// <summary>
/// The same world with once, twice and four times the input: steps and kept bytes grow no faster than the input, by what the engine
/// counts itself. Where they do, the kind of step is named here, with the reason.
/// </summary>
public sealed class GrowthTests
{
    /// <summary>What does not grow with the input makes a small world dearer than its share; waiting and retrying add a little.</summary>
    private const double Slack = 1.3;

    [Fact]
    public void Messages() => Measure(
        size => World(2, world =>
        {
            var direct = world.Nodes[0].OpenDirectAsync(world.Nodes[1].Self.Id).GetAwaiter().GetResult();
            Say(world, direct, 60 * size);
        }));

    [Fact]
    public void A_history_that_comes_at_once() => Measure(
        size => World(2, world =>
        {
            var direct = world.Nodes[0].OpenDirectAsync(world.Nodes[1].Self.Id).GetAwaiter().GetResult();
            world.RunUntilQuiet();
            world.Crash(world.Nodes[1]);
            Say(world, direct, 400 * size);
            world.Restart(world.Nodes[1]);
        }));

    // Each input asks every conversation when it is due, and a channel is found by trying the secrets of all.
    [Fact]
    public void Conversations() => Measure(
        size => World(2, world =>
        {
            for (var i = 0; i < 8 * size; i++)
            {
                var group = world.Nodes[0].CreateGroupAsync($"group {i}", [world.Nodes[1].Self.Id]).GetAwaiter().GetResult();
                Say(world, group, 2);
            }

            world.RunUntilQuiet();
            world.CutLink(world.Nodes[0], world.Nodes[1]);
            world.RunFor(TimeSpan.FromMinutes(2));
            world.Heal();
        }),
        CostKind.Deadline,
        CostKind.Hash);

    // Every batch hashes the state, which names all heads, members and devices; a new member folds all authority entries anew.
    [Fact]
    public void Members() => Measure(
        size => World(4 * size, world =>
        {
            var group = world.Nodes[0].CreateGroupAsync("everyone", [.. world.Nodes.Skip(1).Select(node => node.Self.Id)]).GetAwaiter().GetResult();
            world.RunUntilQuiet();
            foreach (var node in world.Nodes)
            {
                node.FindConversation(group.Id)!.SendAsync($"here is {node.Index}").GetAwaiter().GetResult();
            }
        }),
        CostKind.Head,
        CostKind.Authority,
        CostKind.Deadline);

    // Four times as long an attack. Each input asks every link when it is due, and who floods opens many.
    [Theory]
    [InlineData(AdversaryKind.Garbage)]
    [InlineData(AdversaryKind.Flood)]
    [InlineData(AdversaryKind.Replay)]
    [InlineData(AdversaryKind.Equivocate)]
    public void Hostility(AdversaryKind kind) => Measure(
        size => World(2, world =>
        {
            var group = world.Nodes[0].CreateGroupAsync("everyone", [world.Nodes[1].Self.Id, world.Nodes[2].Self.Id]).GetAwaiter().GetResult();
            Say(world, group, 20);
            world.RunFor(TimeSpan.FromSeconds(20 * size));
            world.EndAttacks();
        }, kind),
        CostKind.Deadline);

    private static void Say(SimulatedWorld world, IConversation conversation, int messages)
    {
        for (var i = 0; i < messages; i++)
        {
            conversation.SendAsync($"message {i}").GetAwaiter().GetResult();
            world.RunFor(TimeSpan.FromMilliseconds(40));
        }
    }

    private static SimulatedWorld World(int people, Action<SimulatedWorld> act, AdversaryKind? hostile = null)
    {
        // In a quarter of the worlds the causal buffer is too small for a single run, and history that did not fit is sent again.
        var world = new SimulatedWorld(Enumerable.Range(1, 100).Select(seed => (ulong)seed).First(seed => new SimulatedWorld(seed).CausalBufferEntries > 1_000));
        for (var i = 0; i < people; i++)
        {
            world.AddNode();
        }

        if (hostile is { } kind)
        {
            world.AddAdversary(kind);
        }

        for (var i = 1; i < world.Nodes.Count; i++)
        {
            world.Introduce(world.Nodes[0], world.Nodes[i]);
        }

        world.RunUntilQuiet();
        act(world);
        world.RunUntilQuiet();
        return world;
    }

    private static void Measure(Func<int, SimulatedWorld> run, params CostKind[] exempt)
    {
        var small = Total(run(1));
        foreach (var factor in (int[])[2, 4])
        {
            var large = Total(run(factor));
            var growth = Slack * Math.Max(factor, large.Input / (double)small.Input);
            foreach (var kind in Enum.GetValues<CostKind>().Except(exempt))
            {
                large.Steps[kind].ShouldBeLessThanOrEqualTo(
                    (long)((small.Steps[kind] + 500) * growth), $"steps of the kind {kind} at {factor} times: {Describe(small)} became {Describe(large)}");
            }

            if (!exempt.Contains(CostKind.Authority))
            {
                large.Bytes.ShouldBeLessThanOrEqualTo((long)(small.Bytes * growth), $"kept bytes at {factor} times");
            }
        }
    }

    private static string Describe(Sum sum) =>
        $"for {sum.Input} {string.Join(" ", sum.Steps.Select(step => $"{step.Key}={step.Value}"))} bytes={sum.Bytes}";

    // The input is what honest nodes came to hold and were sent: entries, and a thousand bytes for as much as one.
    private static Sum Total(SimulatedWorld world)
    {
        SortedDictionary<CostKind, long> steps = [];
        var bytes = 0L;
        var entries = 0L;
        foreach (var node in world.Nodes.Where(node => node.Process.IsHonest))
        {
            var home = (EngineHome)node.Process.Home;
            bytes += home.KeptBytes;
            entries += world.Invariants.Ledgers.Sum(ledger => ledger.Held(node.Index));
            foreach (var kind in Enum.GetValues<CostKind>())
            {
                steps[kind] = steps.GetValueOrDefault(kind) + home.Cost![kind];
            }
        }

        return new Sum(entries + (world.BytesSent / 1000), steps, bytes);
    }

    private sealed record Sum(long Input, SortedDictionary<CostKind, long> Steps, long Bytes);
}
