using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Workload;

/// <summary>
/// What people do once everything is mended and everyone agrees: each writes where they belong, and does one thing beside. All of it
/// must be accepted, and reach everyone. Draws of its own, by person: leaving one act out changes no other.
/// </summary>
internal sealed class AfterwardsGenerator(Scenario scenario, KeyedRandom random)
{
    /// <summary>People who act, in worlds with more.</summary>
    private const int MostPeople = 24;
    private const int LongestMilliseconds = 3_000;

    private static readonly OperationKind[] s_kinds =
    [
        OperationKind.Edit, OperationKind.Delete, OperationKind.React, OperationKind.Read, OperationKind.Reply, OperationKind.Add,
        OperationKind.Invite, OperationKind.Meet,
    ];

    private readonly List<Operation> _operations = [];

    /// <summary>The acts; <paramref name="members"/> are those of each conversation, its creator first.</summary>
    public List<Operation> Generate(IReadOnlyList<int[]> members)
    {
        var step = Math.Max(1, scenario.Nodes / MostPeople);
        for (var person = 0; person < scenario.Nodes; person += step)
        {
            List<int> own = [.. Enumerable.Range(0, members.Count).Where(conversation => members[conversation].Contains(person))];
            if (own.Count == 0)
            {
                continue;
            }

            var first = own[(int)Below(person, 0, own.Count)];
            Add(person, 1, OperationKind.Send, first);
            var other = own[(int)Below(person, 2, own.Count)];
            if (other != first && Below(person, 10, 2) == 0)
            {
                Add(person, 3, OperationKind.Send, other);
            }

            AddKind(person, s_kinds[Below(person, 4, s_kinds.Length)], first, members[first]);
        }

        return _operations;
    }

    // A direct conversation takes nobody in, and its creator alone can be asked to.
    private void AddKind(int person, OperationKind kind, int conversation, int[] members)
    {
        if (kind is OperationKind.Add or OperationKind.Meet)
        {
            var another = (int)Below(person, 5, scenario.Nodes);
            if (another == person || (kind == OperationKind.Add && (members[0] != person || conversation % 2 == 1)))
            {
                kind = OperationKind.React;
            }
            else
            {
                // Whoever adds someone knows them.
                Add(person, 6, OperationKind.Meet, 0, another);
                if (kind == OperationKind.Add)
                {
                    Add(person, 7, kind, conversation, another);
                }

                return;
            }
        }

        Add(person, 8, kind, conversation);
    }

    private void Add(int person, ulong number, OperationKind kind, int conversation, int member = 0) => _operations.Add(new Operation
    {
        At = TimeSpan.FromMilliseconds(Below(person, 100 + number, LongestMilliseconds)),
        Node = person,
        Do = kind,
        Conversation = conversation,
        Member = member,
        Invite = kind == OperationKind.Invite ? 9_000 + (person % 1_000) : 0,
        Uses = kind == OperationKind.Invite ? 1 + (int)Below(person, 9, 3) : 1,
        Pick = random.Draw(DrawStream.Afterwards, (ulong)person, 200 + number),
        IsDrawn = true,
        IsAfterwards = true,
    });

    private long Below(int person, ulong number, long bound) => random.Below(DrawStream.Afterwards, (ulong)person, number, bound);
}
