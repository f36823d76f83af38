using HiNet.Crdt.Simulation.Network;

namespace HiNet.Crdt.Simulation.Tests.Network;

/// <summary>Conversations share a link: each alone is within its window, and all together must be within the link's buffer.</summary>
public class BusyLinkTests
{
    private const int Conversations = 9;
    private const int Messages = 40;

    [Fact]
    public async Task Nine_conversations_with_megabytes_each_cross_one_slow_link_that_takes_sixteen()
    {
        var world = new SimulatedWorld(3, new WorldOptions
        {
            Network = new NetworkOptions { BytesPerSecond = 400_000 },
            Patience = TimeSpan.FromMinutes(20),
        });
        var alice = world.AddNode("alice");
        var bob = world.AddNode("bob");
        world.Introduce(alice, bob);
        List<IConversation> groups = [];
        for (var i = 0; i < Conversations; i++)
        {
            groups.Add(await alice.CreateGroupAsync($"group {i}", [bob.Self.Id]));
        }

        world.RunUntilQuiet();
        world.Partition([alice], [bob]);
        world.RunFor(TimeSpan.FromMinutes(2));
        var text = new string('x', 60_000);
        for (var i = 0; i < Conversations * Messages; i++)
        {
            await groups[i % Conversations].SendAsync($"{i} {text}");
        }

        world.Heal();
        world.RunUntil(() => groups.TrueForAll(group => Arrived(group) > 0), TimeSpan.FromMinutes(2));

        // They take turns: when the last one has begun, only those are through that were in the link before it was full.
        groups.ConvertAll(Arrived).Count(arrived => arrived == Messages).ShouldBeLessThanOrEqualTo(2);
        world.RunUntilQuiet();
        groups.Min(Arrived).ShouldBe(Messages);

        int Arrived(IConversation group) => bob.FindConversation(group.Id)!.ReadPage(Messages).Count;
    }
}
