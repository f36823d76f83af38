using HiNet.Crdt.Simulation.Tests.Support;

namespace HiNet.Crdt.Simulation.Tests.Invariants;

/// <summary>Each invariant is seen to fail, on a toy that makes the mistake.</summary>
public sealed class PlantedBugTests
{
    [Theory]
    [InlineData(nameof(ToyBug.SendsBeforeDurable), "durable-before-sent")]
    [InlineData(nameof(ToyBug.AppliesOutOfOrder), "causal-order")]
    public void A_mistake_of_the_machine_breaks_the_invariant_that_forbids_it(string bug, string invariant)
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            if (Busy(seed, Enum.Parse<ToyBug>(bug)) is { } failure)
            {
                failure.Invariant.ShouldBe(invariant);
                failure.Result.ShouldBe(SimulationResult.Safety);
                return;
            }
        }

        Assert.Fail($"{bug} was not caught.");
    }

    [Fact]
    public void A_toy_without_a_mistake_breaks_nothing()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            Busy(seed, ToyBug.None).ShouldBeNull();
        }
    }

    private static SimulationException? Busy(ulong seed, ToyBug bug)
    {
        try
        {
            var world = ToyWorld.Create(seed, 3, bug: bug);
            for (var i = 0; i < 30; i++)
            {
                if (world.Nodes[i % 3].IsUp)
                {
                    world.Nodes[i % 3].Process.Submit(new Core.Engine.NodeCommand.SendText(ToyHome.Conversation, $"{i}", null), static _ => { });
                }

                world.RunFor(TimeSpan.FromMilliseconds(100));
                if (i == 10)
                {
                    world.CrashWithin(world.Nodes[1], 1);
                }
            }

            if (!world.Nodes[1].IsUp)
            {
                world.Restart(world.Nodes[1]);
            }

            world.RunUntilQuiet();
            return null;
        }
        catch (SimulationException failure)
        {
            return failure;
        }
    }
}
