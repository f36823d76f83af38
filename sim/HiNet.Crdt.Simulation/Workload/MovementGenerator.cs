using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Workload;

/// <summary>
/// What few people do and everyone's node must survive: leaving and being added again, by whoever may; invites of several uses,
/// accepted late, by too many, or by nobody; contacts made both ways at once; bursts, texts as long as they may be, and one byte
/// longer; people who are away all the time. Each in a part of the worlds, with draws of its own.
/// </summary>
internal sealed class MovementGenerator(Scenario scenario, WorldShape shape, KeyedRandom random)
{
    private const ulong Stream = 4;

    private readonly List<Operation> _operations = [];
    private ulong _draws;
    private ulong _pick;

    /// <summary>The operations, in no order.</summary>
    public List<Operation> Generate()
    {
        In(25, MoveMembers);
        In(15, InviteSeveral);
        In(10, MeetBothWays);
        In(6, Burst);
        In(4, () => Long(OperationKind.Send, EntryLimits.MaxTextBytes));
        In(3, () => Long(OperationKind.Edit, EntryLimits.MaxTextBytes));
        In(2, () => Long(OperationKind.React, Limits.EmojiBytes));
        In(3, ExceedNames);
        In(scenario.Bounds.ContainsKey("invites") ? 60 : 1, IssueInvites);
        In(5, NeverCome);
        TakeInTheRest();
        PileUp();
        return _operations;
    }

    // Each part begins at a hundred of its own, whether the ones before it are in the world or not, so that another share leaves the
    // others as they are, but for their picks. TakeInTheRest and PileUp are no parts: they go on where the last part ended.
    private void In(long percent, Action part)
    {
        _draws = (_draws + 100) / 100 * 100;
        if (random.Below(DrawStream.Movement, Stream, _draws, 100) < percent)
        {
            part();
        }
    }

    // The first conversation is a group of everyone that the first node made. Now and then its maker leaves, too, and somebody else
    // has to take others in.
    private void MoveMembers()
    {
        if (scenario.Nodes < 3)
        {
            return;
        }

        var times = Draw(1, 3);
        for (var i = 0; i < times; i++)
        {
            var member = (int)Draw(1, scenario.Nodes - 1);
            var left = When();
            Add(left, member, OperationKind.Leave);
            for (var adds = Draw(1, 2); adds > 0; adds--)
            {
                // About at the same time, so that neither knows of the other, or well after it.
                var again = left + TimeSpan.FromMilliseconds(Draw(0, 1) == 0 ? Draw(-300, 300) : Draw(1_000, 15_000));
                Add(Max(again, When(0)), 0, OperationKind.Add, member);
            }
        }

        if (Draw(0, 3) == 0)
        {
            var heir = (int)Draw(1, scenario.Nodes - 1);
            var back = (int)Draw(0, scenario.Nodes - 1);
            var left = When();
            Add(left, 0, OperationKind.Leave);
            Add(left - TimeSpan.FromMilliseconds(Draw(0, 2_000)), heir, OperationKind.Meet, back == heir ? 0 : back);
            Add(left + TimeSpan.FromMilliseconds(Draw(100, 10_000)), heir, OperationKind.Add, back == heir ? 0 : back);
        }
    }

    private void InviteSeveral()
    {
        var number = 100 + (int)Draw(0, 99);
        var maker = Node();
        Add(When(), maker, OperationKind.Invite, invite: number, uses: (int)Draw(1, 3));
        for (var accepted = Draw(0, 4); accepted > 0; accepted--)
        {
            Add(When(), Node(), OperationKind.Accept, invite: number);
        }
    }

    private void MeetBothWays()
    {
        var (one, other) = (Node(), Node());
        var at = When();
        if (one != other)
        {
            Add(at, one, OperationKind.Meet, other);
            Add(at + TimeSpan.FromMilliseconds(Draw(0, 50)), other, OperationKind.Meet, one);
        }
    }

    private void Burst() => Add(When(), Node(), OperationKind.Send, times: (int)Draw(66, 140));

    // As long as it may be, or one byte longer; an empty one is too short.
    private void Long(OperationKind kind, int most)
    {
        for (var i = Draw(1, 2); i > 0; i--)
        {
            Add(When(), Node(), kind, bytes: most + (int)Draw(-1, 1));
        }

        Add(When(), Node(), kind, bytes: 0);
    }

    // A group's name that is too long, and one with more members at its creation than there may be.
    private void ExceedNames()
    {
        var creator = Node();
        Add(When(), creator, OperationKind.Group, conversation: 900, text: new string('n', Limits.GroupNameBytes + (int)Draw(0, 1)));
        List<int> everyone = [.. Enumerable.Range(0, scenario.Nodes).Where(node => node != 0)];
        Add(When(), 0, OperationKind.Group, conversation: 901, members: everyone);
        Add(When(), creator, OperationKind.Invite, invite: 98, uses: Limits.InviteUses + (int)Draw(0, 1));
        Add(When(), creator, OperationKind.Invite, invite: 97, uses: 0);
    }

    // Those for whom a group has no room at its creation are added afterwards.
    private void TakeInTheRest()
    {
        for (var member = Limits.GenesisMembers; member < scenario.Nodes; member++)
        {
            var at = When();
            Add(at, 0, OperationKind.Meet, member);
            Add(at + TimeSpan.FromMilliseconds(200), 0, OperationKind.Add, member);
        }
    }

    // Long texts, all at once, in every conversation, while nobody is there to take them.
    private void PileUp()
    {
        const int Text = 60_000;
        if (shape.Backlog == 0)
        {
            return;
        }

        var at = When();
        for (var conversation = 0; conversation < 3; conversation++)
        {
            Add(at, 0, OperationKind.Send, conversation: conversation, bytes: Text, times: Math.Max(1, shape.Backlog / Text));
        }

        Add(at - TimeSpan.FromSeconds(1), 0, OperationKind.Offline);
        Add(at + TimeSpan.FromSeconds(Draw(1, 5)), 0, OperationKind.Online);
    }

    // In a DHT each invite is somewhere to look, in turn: with so many, people would find each other after the end of the world.
    private void IssueInvites()
    {
        if (!scenario.Dht)
        {
            Add(When(), Node(), OperationKind.Invite, invite: 99, times: (int)Draw(16, 24));
        }
    }

    private void NeverCome() => Add(TimeSpan.FromMilliseconds(Draw(0, 900)), (int)Draw(1, scenario.Nodes - 1), OperationKind.Offline);

    private void Add(
        TimeSpan at,
        int node,
        OperationKind kind,
        int member = 0,
        int conversation = 0,
        int times = 1,
        int? bytes = null,
        int invite = 0,
        int uses = 1,
        string? text = null,
        IReadOnlyList<int>? members = null) => _operations.Add(new Operation
        {
            At = Max(at, TimeSpan.Zero),
            Node = node,
            Do = kind,
            Member = member,
            Conversation = conversation,
            Times = times,
            Bytes = bytes,
            Invite = invite,
            Uses = uses,
            Text = text,
            Members = members ?? [],
            Pick = random.Draw(DrawStream.Movement, Stream + 1, _pick++),
            IsDrawn = true,
        });

    private TimeSpan When(int least = 20)
    {
        var milliseconds = (long)scenario.Duration.TotalMilliseconds;
        return TimeSpan.FromMilliseconds(Draw(milliseconds * least / 100, milliseconds * 95 / 100));
    }

    private int Node() => (int)Draw(0, scenario.Nodes - 1);

    private long Draw(long from, long to) => random.Between(DrawStream.Movement, Stream, ++_draws, from, to);

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
