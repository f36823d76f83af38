using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Workload;

/// <summary>
/// Turns a workload into an explicit list of operations. Every draw is keyed by the operation's own number, so a shortened list
/// does what it did before, minus what was left out.
/// </summary>
internal sealed class WorkloadGenerator(Scenario scenario, KeyedRandom random)
{
    private const int SmallGroup = 8;

    private readonly List<Operation> _operations = [];
    private readonly List<int[]> _members = [];
    private readonly HashSet<(int, int)> _met = [];
    private TimeSpan _at = TimeSpan.FromMilliseconds(500);
    private ulong _number;

    private int LargestGroup => scenario.Workload!.LargestGroup;

    /// <summary>The scenario with its workload written out.</summary>
    public static Scenario Expand(Scenario scenario, KeyedRandom random) =>
        scenario.Workload is null ? scenario : new WorkloadGenerator(scenario, random).Expand(scenario.Workload);

    private Scenario Expand(WorkloadOptions workload)
    {
        for (var conversation = 0; conversation < workload.Conversations; conversation++)
        {
            Create(conversation);
        }

        var start = _at + TimeSpan.FromSeconds(1);
        var rest = scenario.Duration - start;
        var count = rest <= TimeSpan.Zero ? 0 : (int)Math.Round(rest.TotalSeconds * workload.MessagesPerSecond);
        for (var i = 0; i < count; i++)
        {
            Act(start, rest);
        }

        _operations.Sort(static (left, right) => left.At.CompareTo(right.At) is var order and not 0 ? order : left.Pick.CompareTo(right.Pick));
        return scenario with { Workload = null, Operations = [.. scenario.Operations, .. _operations, .. new AfterwardsGenerator(scenario, random).Generate(_members)] };
    }

    // The first conversation is a group of everyone; then a direct one and a small group take turns.
    private void Create(int conversation)
    {
        var number = _number++;
        var creator = conversation == 0 ? 0 : (int)random.Below(DrawStream.Workload, number, 0, scenario.Nodes);
        var wanted = conversation == 0 ? Math.Min(scenario.Nodes, Math.Min(LargestGroup, scenario.Bounds.GetValueOrDefault("genesisMembers", LargestGroup))) : conversation % 2 == 1 ? 2 : SmallGroup;
        List<int> members = [creator];
        for (var i = 1; i < wanted && i < scenario.Nodes; i++)
        {
            var member = conversation == 0 ? i : (int)random.Below(DrawStream.Workload, number, (ulong)i, scenario.Nodes);
            if (!members.Contains(member))
            {
                members.Add(member);
                Meet(creator, member);
            }
        }

        _members.Add([.. members]);
        if (members.Count == 1 && conversation % 2 == 1)
        {
            members.Add(creator);
        }

        _at += TimeSpan.FromMilliseconds(100);
        _operations.Add(conversation % 2 == 1
            ? new Operation { At = _at, Node = creator, Do = OperationKind.Direct, Member = members[1], Conversation = conversation, Pick = number }
            : new Operation { At = _at, Node = creator, Do = OperationKind.Group, Members = members[1..], Conversation = conversation, Pick = number });
    }

    private void Meet(int creator, int member)
    {
        if (_met.Add((creator, member)))
        {
            _at += TimeSpan.FromMilliseconds(20);
            _operations.Add(new Operation { At = _at, Node = creator, Do = OperationKind.Meet, Member = member, Pick = _number++ });
        }
    }

    private void Act(TimeSpan start, TimeSpan rest)
    {
        var number = _number++;
        var conversation = (int)random.Below(DrawStream.Workload, number, 0, _members.Count);
        var members = _members[conversation];
        var operation = new Operation
        {
            At = start + TimeSpan.FromMicroseconds(random.Below(DrawStream.Workload, number, 1, rest.Ticks / TimeSpan.TicksPerMicrosecond)),
            Node = members[random.Below(DrawStream.Workload, number, 2, members.Length)],
            Do = Kind(random.Below(DrawStream.Workload, number, 3, 1000), conversation),
            Conversation = conversation,
            Pick = random.Draw(DrawStream.OperationTarget, number, 0),
            IsDrawn = true,
        };
        _operations.Add(operation);
        if (operation.Do == OperationKind.Offline)
        {
            var back = operation.At + TimeSpan.FromMilliseconds(random.Between(DrawStream.Workload, number, 4, 500, 60_000));
            _operations.Add(operation with { At = back, Do = OperationKind.Online });
        }
    }

    // A direct conversation cannot be left.
    private static OperationKind Kind(long draw, int conversation) => draw switch
    {
        < 700 => OperationKind.Send,
        < 750 => OperationKind.Reply,
        < 810 => OperationKind.Edit,
        < 850 => OperationKind.Delete,
        < 930 => OperationKind.React,
        < 985 => OperationKind.Read,
        < 997 => OperationKind.Offline,
        _ when conversation % 2 == 1 => OperationKind.Send,
        _ => OperationKind.Leave,
    };
}
