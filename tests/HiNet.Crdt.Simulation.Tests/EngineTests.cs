using HiNet.Crdt.Simulation.Network;

namespace HiNet.Crdt.Simulation.Tests;

/// <summary>The real engine in a world.</summary>
public sealed class EngineTests
{
    [Fact]
    public async Task Two_people_who_are_introduced_talk()
    {
        var world = new SimulatedWorld(1);
        var alice = world.AddNode("alice");
        var bob = world.AddNode("bob");
        world.Introduce(alice, bob);
        var direct = await alice.OpenDirectAsync(bob.Self.Id);
        await direct.SendAsync("hello");
        world.RunUntilQuiet();
        bob.FindConversation(direct.Id)!.ReadPage().Single().Text.ShouldBe("hello");
        direct.ReadPage().Single().State.ShouldBe(MessageState.Delivered);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_group_of_three_survives_a_partition_and_a_crash(bool real)
    {
        var world = new SimulatedWorld(3, new WorldOptions { UseRealCryptography = real, Network = new NetworkOptions { Loss = 0.02 } });
        var alice = world.AddNode("alice");
        var bob = world.AddNode("bob");
        var carol = world.AddNode("carol");
        world.Introduce(alice, bob);
        world.Introduce(alice, carol);
        var team = await alice.CreateGroupAsync("team", [bob.Self.Id, carol.Self.Id]);
        world.RunUntilQuiet();
        world.Partition([alice], [bob, carol]);
        await team.SendAsync("from alice");
        await bob.FindConversation(team.Id)!.SendAsync("from bob");
        world.RunFor(TimeSpan.FromSeconds(30));
        world.Crash(carol);
        await team.SendAsync("more");
        world.Heal();
        world.RunFor(TimeSpan.FromSeconds(30));
        world.Restart(carol);
        world.RunUntilQuiet();
        var hashes = world.Nodes.Select(node => node.FindConversation(team.Id)!.GetStatus().StateHash).Distinct();
        hashes.Count().ShouldBe(1);
        carol.FindConversation(team.Id)!.ReadPage().Select(message => message.Text).Order().ShouldBe(["from alice", "from bob", "more"]);
    }
}
