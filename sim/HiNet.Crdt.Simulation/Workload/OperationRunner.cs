using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Nodes;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Workload;

/// <summary>Does the operations of a run at their times. One whose node is down, or that finds nothing to act on, is skipped.</summary>
internal sealed class OperationRunner : IEventTarget
{
    private const string LeftAddress = "left:1";

    private readonly SimulatedWorld _world;
    private readonly IReadOnlyList<Operation> _operations;
    private readonly SortedDictionary<int, ConversationId> _conversations = [];
    private readonly SortedDictionary<OperationKind, OperationTally> _tallies = [];

    public OperationRunner(SimulatedWorld world, IReadOnlyList<Operation> operations)
    {
        _world = world;
        _operations = operations;
        for (var i = 0; i < operations.Count; i++)
        {
            world.Scheduler.At(operations[i].At.Ticks / TimeSpan.TicksPerMicrosecond, this, (int)operations[i].Do, argument: i);
        }
    }

    public int TraceId => -3;

    public IReadOnlyDictionary<OperationKind, OperationTally> Tallies => _tallies;

    public void Fire(in ScheduledEvent scheduled)
    {
        var operation = _operations[(int)scheduled.Argument];
        var node = _world.Nodes[operation.Node];
        if (!_tallies.TryGetValue(operation.Do, out var tally))
        {
            _tallies.Add(operation.Do, tally = new OperationTally());
        }

        _world.Log?.Invoke(_world.Now, operation.Node, "does " + operation.Do);
        tally.Attempted++;
        switch (operation.Do)
        {
            case OperationKind.Meet:
                Meet(node, _world.Nodes[operation.Member], tally);
                break;
            case OperationKind.Direct:
                Submit(node, new NodeCommand.OpenDirect(_world.Nodes[operation.Member].Self.Id), tally, result => Remember(operation, result));
                break;
            case OperationKind.Group:
                Submit(
                    node,
                    new NodeCommand.CreateGroup($"group {operation.Conversation}", [.. operation.Members.Select(member => _world.Nodes[member].Self.Id)]),
                    tally,
                    result => Remember(operation, result));
                break;
            case OperationKind.Offline:
                _world.Network.Isolate(operation.Node);
                tally.Succeeded++;
                break;
            case OperationKind.Online:
                _world.Network.Rejoin(operation.Node);
                tally.Succeeded++;
                break;
            default:
                if (Command(node, operation) is { } command)
                {
                    Submit(node, command, tally);
                }
                else
                {
                    Skip(operation, tally);
                }

                break;
        }
    }

    private static void Skip(Operation operation, OperationTally tally)
    {
        tally.Skipped++;
        if (operation.IsDrawn)
        {
            tally.Attempted--;
        }
    }

    private static void Submit(SimulatedNode node, NodeCommand command, OperationTally tally, Action<NodeResult>? done = null)
    {
        if (!node.IsUp)
        {
            tally.Skipped++;
            return;
        }

        node.Process.Submit(command, result =>
        {
            switch (result)
            {
                case null:
                    tally.Lost++;
                    break;
                case NodeResult.Refused refused:
                    tally.Refused++;
                    tally.LastRefusal = refused.Problem;
                    break;
                default:
                    tally.Succeeded++;
                    done?.Invoke(result);
                    break;
            }
        });
    }

    private void Meet(SimulatedNode node, SimulatedNode other, OperationTally tally)
    {
        if (!other.IsUp)
        {
            tally.Skipped++;
            return;
        }

        // Where there is a DHT, the invite's address is one that its maker has left: they have to find each other.
        other.Process.Submit(new NodeCommand.CreateInvite([_world.Options.UseDht ? LeftAddress : other.Address]), result =>
        {
            if (result is NodeResult.Invited invited)
            {
                Submit(node, new NodeCommand.AddContact(invited.Invite, null), tally);
            }
            else
            {
                tally.Lost++;
            }
        });
    }

    private void Remember(Operation operation, NodeResult result) => _conversations[operation.Conversation] = ((NodeResult.Opened)result).Conversation;

    private NodeCommand? Command(SimulatedNode node, Operation operation)
    {
        if (!node.IsUp || !_conversations.TryGetValue(operation.Conversation, out var conversation) || !node.Process.Home.Reader.Has(conversation))
        {
            return null;
        }

        var text = operation.Text ?? DrawnText.Of(operation.Pick);
        switch (operation.Do)
        {
            case OperationKind.Send:
                return new NodeCommand.SendText(conversation, text, null);
            case OperationKind.Leave:
                return new NodeCommand.Leave(conversation);
            case OperationKind.Add:
                return new NodeCommand.AddMember(conversation, _world.Nodes[operation.Member].Self.Id);
        }

        var isOwn = operation.Do is OperationKind.Edit or OperationKind.Delete;
        if (Target(node, conversation, operation.Pick, isOwn) is not { } target)
        {
            return null;
        }

        return operation.Do switch
        {
            OperationKind.Reply => new NodeCommand.SendText(conversation, text, target),
            OperationKind.Edit => new NodeCommand.Edit(conversation, target, text),
            OperationKind.Delete => new NodeCommand.Delete(conversation, target),
            OperationKind.React => new NodeCommand.React(conversation, target, operation.Text ?? DrawnText.Emoji(operation.Pick >> 8), (operation.Pick & 3) == 0),
            _ => new NodeCommand.MarkRead(conversation, target),
        };
    }

    // Three in four are among the newest ten messages, the others among the newest two hundred.
    private static EntryId? Target(SimulatedNode node, ConversationId conversation, ulong pick, bool isOwn)
    {
        var page = node.Process.Home.Reader.ReadPage(conversation, (pick >> 16 & 3) == 0 ? 200 : 10, null);
        List<EntryId> candidates = [];
        foreach (var message in page)
        {
            if (!isOwn || (message.Device == node.Device && !message.IsDeleted))
            {
                candidates.Add(message.Id);
            }
        }

        return candidates.Count == 0 ? null : candidates[(int)((pick >> 20) % (ulong)candidates.Count)];
    }
}
