using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>
/// Messages on channels behind the handshake, into real nodes in a simulated world: two honest people and one whose node also says what the
/// operations say, as a member of their group, as a contact, or on channels that mean nothing. All invariants of the simulator are
/// the oracles; in the end the honest two write to each other, and agree.
/// </summary>
internal sealed class ChannelTarget : FuzzTarget
{
    private const int Honest = 2;
    private const int MostOperations = 48;
    private static readonly TimeSpan s_step = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(20);
    private static readonly FuzzTwist[] s_twists = [FuzzTwist.None, .. Enum.GetValues<FuzzTwist>().Where(twist => twist >= FuzzTwist.MessageCut)];

    public override string Name => "channel";

    public override IReadOnlyList<FuzzKind> Kinds { get; } = [.. Enum.GetValues<FuzzKind>().Where(kind => kind >= FuzzKind.Speak)];

    public override IReadOnlyList<FuzzOperation> Draw(KeyedRandom random)
    {
        var draws = new FuzzDraws(random);
        var kinds = draws.Some(Kinds);
        var twists = draws.Some(s_twists);
        var twisted = 1 + draws.Draw(6);
        List<FuzzOperation> operations = [];
        for (var left = Math.Min(draws.Length(), MostOperations); left > 0; left--)
        {
            operations.Add(new FuzzOperation(
                kinds[draws.Draw(kinds.Count)],
                draws.Draw(8),
                FuzzPast.Everything,
                draws.Chance(twisted) ? twists[draws.Draw(twists.Count)] : FuzzTwist.None,
                draws.Number(),
                draws.Number()));
        }

        return operations;
    }

    public override void Run(KeyedRandom random, IReadOnlyList<FuzzOperation> operations, FuzzRecord record)
    {
        foreach (var operation in operations)
        {
            record.Drawn(operation);
        }

        var world = new SimulatedWorld(random.Seed);
        try
        {
            Run(world, operations, record);
        }
        finally
        {
            record.Hash.Fold(world.TraceHash);
            record.Reached(world.Marks);
        }
    }

    private static void Run(SimulatedWorld world, IReadOnlyList<FuzzOperation> operations, FuzzRecord record)
    {
        ChannelAttacker attacker = null!;
        List<SimulatedNode> people = [world.AddNode("alice"), world.AddNode("bob")];
        people.Add(world.AddAdversary((index, home) => attacker = new ChannelAttacker(world, index, home, operations, record), "mallory"));
        world.Introduce(people[0], people[1]);
        world.Introduce(people[0], people[2]);
        world.Introduce(people[1], people[2]);
        var group = people[0].CreateGroupAsync("team", [people[1].Self.Id, people[2].Self.Id]).GetAwaiter().GetResult();
        world.RunUntil(() => people.TrueForAll(person => person.FindConversation(group.Id) is not null), world.Options.Patience);
        Say(world, people, group.Id, 0);
        Say(world, people, group.Id, 1);
        world.RunFor(s_step);
        attacker.Arm([group.Id, people[2].Process.Home.DirectWith(people[0].Self.Id)!.Value, people[2].Process.Home.DirectWith(people[1].Self.Id)!.Value], who => Say(world, people, group.Id, who));
        for (var passed = TimeSpan.Zero; !attacker.IsDone && passed < s_longest; passed += s_step)
        {
            world.RunFor(s_step);
        }

        world.EndAttacks();
        world.RunUntilQuiet(isEnd: false);
        for (var who = 0; who < Honest; who++)
        {
            Say(world, people, group.Id, who);
        }

        world.RunUntilQuiet();
    }

    // Not awaited: some of it is said from within the world, whose time moves already.
    private static void Say(SimulatedWorld world, List<SimulatedNode> people, ConversationId group, int who) =>
        people[who % Honest].FindConversation(group)?.SendAsync($"{world.Events} said by {who % Honest}");
}
