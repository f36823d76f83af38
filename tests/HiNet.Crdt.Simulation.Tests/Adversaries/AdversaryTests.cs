using HiNet.Crdt.Simulation.Adversaries;
using HiNet.Crdt.Simulation.Nodes;
using HiNet.Crdt.Simulation.Tests.Support;

namespace HiNet.Crdt.Simulation.Tests.Adversaries;

/// <summary>Each adversary is a member of a group of four, and the three honest ones go on as if it were not there.</summary>
public sealed class AdversaryTests
{
    public static TheoryData<string> Kinds() => [.. Enum.GetNames<AdversaryKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Honest_members_agree_whatever_one_of_them_does(string kind)
    {
        var world = Talk(Enum.Parse<AdversaryKind>(kind), seed: 3);
        world.RunUntilQuiet();
        var texts = Texts(world, 0);
        texts.Count(text => text is not null && text.StartsWith("honest", StringComparison.Ordinal)).ShouldBe(30);
        Texts(world, 1).ShouldBe(texts);
        Texts(world, 2).ShouldBe(texts);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_attacked_world_runs_the_same_twice(string kind) =>
        Talk(Enum.Parse<AdversaryKind>(kind), seed: 4).TraceHash.ShouldBe(Talk(Enum.Parse<AdversaryKind>(kind), seed: 4).TraceHash);

    [Theory]
    [InlineData(nameof(AdversaryKind.Backdate), "hinet.log.refused")]
    [InlineData(nameof(AdversaryKind.PoisonClock), "hinet.log.parked")]
    [InlineData(nameof(AdversaryKind.Forge), "hinet.log.refused")]
    [InlineData(nameof(AdversaryKind.Forge), "hinet.peer.misbehaved")]
    [InlineData(nameof(AdversaryKind.Equivocate), "hinet.log.forks")]
    [InlineData(nameof(AdversaryKind.Flood), "hinet.peer.misbehaved")]
    [InlineData(nameof(AdversaryKind.Withhold), "hinet.peer.misbehaved")]
    [InlineData(nameof(AdversaryKind.Garbage), "hinet.peer.misbehaved")]
    public void What_it_does_is_counted(string kind, string instrument) =>
        Talk(Enum.Parse<AdversaryKind>(kind), seed: 3).Counters.GetValueOrDefault(instrument).ShouldBeGreaterThan(0);

    [Fact]
    public void An_equivocation_is_an_event_at_every_honest_member()
    {
        var world = Talk(AdversaryKind.Equivocate, seed: 3);
        world.RunUntilQuiet();
        foreach (var node in world.Nodes.Take(3))
        {
            var seen = new List<ConversationEvent>();
            using var subscription = Group(node).EventsFrom(EventCursor.Start).Subscribe(new Observer<ConversationEvent>(seen.Add));
            seen.OfType<EquivocationDetected>().ShouldContain(found => found.Device == world.Nodes[3].Device);
        }
    }

    [Fact]
    public void Attacks_end_when_they_are_told_to()
    {
        var world = Talk(AdversaryKind.Flood, seed: 5);
        world.EndAttacks();
        world.RunFor(TimeSpan.FromMinutes(2));
        var before = world.BytesSent;
        world.RunFor(TimeSpan.FromMinutes(1));
        (world.BytesSent - before).ShouldBeLessThan(64 * 1024);
    }

    private static SimulatedWorld Talk(AdversaryKind kind, ulong seed)
    {
        var world = new SimulatedWorld(seed);
        List<SimulatedNode> honest = [world.AddNode("a"), world.AddNode("b"), world.AddNode("c")];
        var hostile = world.AddAdversary(kind, "mallory");
        foreach (var other in world.Nodes.Skip(1))
        {
            world.Introduce(honest[0], other);
        }

        honest[0].CreateGroupAsync("team", [.. world.Nodes.Skip(1).Select(node => node.Self.Id)]).GetAwaiter().GetResult();
        world.RunFor(TimeSpan.FromSeconds(3));
        Group(hostile).SendAsync("I am one of you");
        for (var i = 0; i < 30; i++)
        {
            Group(honest[i % 3]).SendAsync($"honest {i}");
            world.RunFor(TimeSpan.FromSeconds(2));
        }

        return world;
    }

    private static IConversation Group(SimulatedNode node) => node.Conversations.Single(conversation => conversation is { Kind: ConversationKind.Group, Name: "team" });

    private static List<string?> Texts(SimulatedWorld world, int node) => [.. Group(world.Nodes[node]).ReadPage(1_000).Select(message => message.Text)];
}
