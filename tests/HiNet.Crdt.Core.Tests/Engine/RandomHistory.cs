using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>People who do what people do, while links and nodes come and go: all of it drawn from one seed.</summary>
internal sealed class RandomHistory
{
    private readonly Random _random;
    private readonly List<(ConversationId Conversation, LoopbackNode Author, EntryId Id)> _messages = [];
    private readonly List<LoopbackNode> _outside = [];

    public RandomHistory(int seed)
    {
        _random = new Random(seed);
        var count = _random.Next(2, 6);
        for (var i = 0; i < count; i++)
        {
            var node = World.Add($"node{i}");
            foreach (var other in World.Nodes.Where(other => other != node).ToList())
            {
                LoopbackScenes.Introduce(other, node);
                LoopbackScenes.Introduce(node, other);
            }
        }

        LinkAll();
        World.Pass(TimeSpan.FromSeconds(1));
        var founders = Nodes.Skip(1).Where((_, i) => i == 0 || _random.Next(3) > 0).ToArray();
        _outside.AddRange(Nodes.Skip(1).Except(founders));
        Group = Nodes[0].Group("everyone", founders);
        Direct = Nodes[0].Direct(Nodes[1]);
        World.Pass(TimeSpan.FromSeconds(1));
    }

    public LoopbackWorld World { get; } = new();

    public List<LoopbackNode> Nodes => World.Nodes;

    public ConversationId Group { get; }

    public ConversationId Direct { get; }

    /// <summary>After every step.</summary>
    public Action? Between { get; set; }

    public IReadOnlyList<LoopbackNode> MembersOf(ConversationId conversation) => conversation == Direct
        ? [Nodes[0], Nodes[1]]
        : [.. Nodes.Where(n => Nodes[0].Reader.MembersOf(Group).Any(m => m.Person.Id == n.Identity))];

    public void Run(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            Step();
            Between?.Invoke();
        }
    }

    /// <summary>Everyone is linked to everyone, and time passes.</summary>
    public void Settle()
    {
        foreach (var node in Nodes)
        {
            node.Skew = 0;
            node.ReadClock();
        }

        foreach (var (one, other) in Pairs())
        {
            World.Unlink(one, other);
        }

        LinkAll();
        World.Pass(TimeSpan.FromMinutes(50));
    }

    private void LinkAll()
    {
        foreach (var (one, other) in Pairs())
        {
            World.Link(one, other);
        }
    }

    private IEnumerable<(LoopbackNode One, LoopbackNode Other)> Pairs() =>
        Nodes.SelectMany((one, i) => Nodes.Skip(i + 1).Select(other => (one, other))).ToList();

    private void Step()
    {
        var node = Nodes[_random.Next(Nodes.Count)];
        var other = Nodes[_random.Next(Nodes.Count)];
        var conversation = _random.Next(3) == 0 ? Direct : Group;
        switch (_random.Next(24))
        {
            case 0 or 1 when node != other:
                World.Unlink(node, other);
                break;
            case 2 or 3 when node != other:
                World.Link(node, other);
                break;
            case 4:
                node.Restart();
                break;
            case 5:
                node.Skew = _random.Next(-2_000_000, 2_000_000);
                node.ReadClock();
                break;
            case 6 when _outside.Count > 0:
                if (Nodes[0].Do(new NodeCommand.AddMember(Group, _outside[0].Identity)) is NodeResult.Written)
                {
                    _outside.RemoveAt(0);
                }

                break;
            case 7 when _random.Next(4) == 0 && node != Nodes[0]:
                node.Do(new NodeCommand.Leave(Group));
                break;
            case 8 or 9 or 10:
                World.Pass(TimeSpan.FromMilliseconds(_random.Next(1, 20_000)));
                break;
            case 11 or 12 when Draw(node) is { } own:
                node.Do(new NodeCommand.Edit(own.Conversation, own.Id, Text()));
                break;
            case 13 when Draw(node) is { } own:
                node.Do(new NodeCommand.Delete(own.Conversation, own.Id));
                break;
            case 14 or 15 when Draw() is { } any:
                node.Do(new NodeCommand.React(any.Conversation, any.Id, $"{_random.Next(3)}", _random.Next(3) == 0));
                break;
            case 16 when Draw() is { } any:
                node.Do(new NodeCommand.MarkRead(any.Conversation, any.Id));
                break;
            case 17 when Draw() is { } any:
                Send(node, any.Conversation, any.Id);
                break;
            default:
                for (var burst = _random.Next(8) == 0 ? _random.Next(100) : 1; burst > 0; burst--)
                {
                    Send(node, conversation, null);
                }

                break;
        }
    }

    private void Send(LoopbackNode node, ConversationId conversation, EntryId? replyTo)
    {
        // What a node does not hold or may not write in is refused; that is a part of life too.
        if (node.Do(new NodeCommand.SendText(conversation, Text(), replyTo)) is NodeResult.Written written)
        {
            _messages.Add((conversation, node, written.Entry));
        }
    }

    private string Text() => $"text {_random.Next()}";

    private (ConversationId Conversation, LoopbackNode Author, EntryId Id)? Draw(LoopbackNode? author = null)
    {
        var some = _messages.Where(m => author is null || m.Author == author).ToList();
        return some.Count > 0 ? some[_random.Next(some.Count)] : null;
    }
}
