using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Diagrams;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Nodes;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Workload;

/// <summary>
/// Does the operations of a run at their times, and again a little later what came to nothing for a reason that passes: the node
/// was down or died, its disk was full, nothing was there yet to act on.
/// </summary>
internal sealed class OperationRunner : IEventTarget
{
    private const string LeftAddress = "left:1";

    private readonly SimulatedWorld _world;
    private readonly IReadOnlyList<PlannedOperation> _planned;
    private readonly SortedDictionary<int, ConversationId> _conversations = [];
    private readonly SortedDictionary<int, string> _invites = [];
    private readonly SortedDictionary<OperationKind, OperationTally> _tallies = [];

    public OperationRunner(SimulatedWorld world, IReadOnlyList<Operation> operations)
    {
        _world = world;
        _planned = [.. operations.Select(operation => new PlannedOperation(operation))];
        for (var i = 0; i < operations.Count; i++)
        {
            if (!operations[i].IsAfterwards)
            {
                Schedule(Microseconds(operations[i].At), i);
            }
        }
    }

    public int TraceId => -3;

    public IReadOnlyDictionary<OperationKind, OperationTally> Tallies => _tallies;

    /// <summary>Whether an operation is under way, or will be tried again.</summary>
    public bool IsWaiting => _planned.Any(planned => planned.IsWaiting);

    /// <summary>Plans what people do when everything is mended; returns how long that takes.</summary>
    public TimeSpan ActAfterwards()
    {
        var last = TimeSpan.Zero;
        for (var i = 0; i < _planned.Count; i++)
        {
            var operation = _planned[i].Operation;
            if (operation.IsAfterwards)
            {
                Schedule(_world.Scheduler.Now.Microseconds + Microseconds(operation.At), i);
                last = operation.At > last ? operation.At : last;
            }
        }

        return last;
    }

    public void Fire(in ScheduledEvent scheduled)
    {
        var index = (int)scheduled.Argument;
        var planned = _planned[index];
        var operation = planned.Operation;
        if (planned.Attempts > 0)
        {
            TallyOf(operation).Retried++;
        }
        else
        {
            TallyOf(operation).Attempted++;
        }

        _world.Log?.Invoke(_world.Now, operation.Node, Wording.Of(operation) + (planned.Attempts > 0 ? ", once more" : string.Empty));
        planned.Began();
        var left = planned.Left;
        for (var i = 0; i < left; i++)
        {
            Do(index, planned, _world.Nodes[operation.Node], operation.Times - left + i);
        }
    }

    private void Do(int index, PlannedOperation planned, SimulatedNode node, int turn)
    {
        var operation = planned.Operation;
        switch (operation.Do)
        {
            case OperationKind.Offline:
                _world.Network.Isolate(operation.Node);
                Succeed(planned);
                break;
            case OperationKind.Online:
                _world.Network.Rejoin(operation.Node);
                Succeed(planned);
                break;
            case OperationKind.Meet:
                Meet(index, node, _world.Nodes[operation.Member]);
                break;
            default:
                if (!node.IsUp)
                {
                    Fail(index, $"node {node.Index} was down");
                }
                else if (Command(node, planned, turn, out var missing) is { } command)
                {
                    Submit(index, node, command);
                }
                else
                {
                    Fail(index, missing, foundNothing: true);
                }

                break;
        }
    }

    private void Submit(int index, SimulatedNode node, NodeCommand command)
    {
        if (!node.IsUp)
        {
            Fail(index, $"node {node.Index} was down");
            return;
        }

        node.Process.Submit(command, result => Answered(index, result));
    }

    private void Answered(int index, NodeResult? result)
    {
        var planned = _planned[index];
        switch (result)
        {
            case null:
                Fail(index, $"node {planned.Operation.Node} died before it answered");
                break;
            case NodeResult.Refused refused when RefusalCatalogue.Passes(RefusalCatalogue.ReasonOf(refused.Problem)):
                Fail(index, refused.Problem, isExplained: true);
                break;
            case NodeResult.Refused refused:
                Say(planned, "is refused: " + refused.Problem);
                TallyOf(planned.Operation).Explained++;
                TallyOf(planned.Operation).LastObstacle = refused.Problem;
                planned.GiveUp();
                break;
            default:
                Remember(planned.Operation, result);
                Succeed(planned);
                break;
        }
    }

    // Where there is a DHT, the invite's address is one that its maker has left: they have to find each other.
    private void Meet(int index, SimulatedNode node, SimulatedNode other)
    {
        if (!other.IsUp)
        {
            Fail(index, $"node {other.Index} was down");
            return;
        }

        other.Process.Submit(new NodeCommand.CreateInvite([_world.Options.UseDht ? LeftAddress : other.Address]), result =>
        {
            if (result is NodeResult.Invited invited)
            {
                Submit(index, node, new NodeCommand.AddContact(invited.Invite, null));
            }
            else
            {
                Answered(index, result);
            }
        });
    }

    private NodeCommand? Command(SimulatedNode node, PlannedOperation planned, int turn, out string missing)
    {
        var operation = planned.Operation;
        missing = string.Empty;
        switch (operation.Do)
        {
            case OperationKind.Direct:
                return new NodeCommand.OpenDirect(_world.Nodes[operation.Member].Self.Id);
            case OperationKind.Group:
                return new NodeCommand.CreateGroup(
                    operation.Text ?? $"group {operation.Conversation}", [.. operation.Members.Select(member => _world.Nodes[member].Self.Id)]);
            case OperationKind.Invite:
                return new NodeCommand.CreateInvite([_world.Options.UseDht ? LeftAddress : node.Address], operation.Uses);
            case OperationKind.Accept when _invites.TryGetValue(operation.Invite, out var invite):
                return new NodeCommand.AddContact(invite, null);
            case OperationKind.Accept:
                missing = $"there was no invite {operation.Invite} yet";
                return null;
        }

        if (!_conversations.TryGetValue(operation.Conversation, out var conversation))
        {
            missing = $"there was no conversation {operation.Conversation} yet";
            return null;
        }

        // Before everything is mended its first entries may be on their way; afterwards the node is asked, and has to answer.
        if (!node.Process.Home.Reader.Has(conversation) && !operation.IsAfterwards)
        {
            missing = $"conversation {operation.Conversation} had not reached node {node.Index}";
            return null;
        }

        missing = $"node {node.Index} held no message to act on";
        return Command(node, conversation, operation, turn);
    }

    private NodeCommand? Command(SimulatedNode node, ConversationId conversation, Operation operation, int turn)
    {
        var pick = turn == 0 ? operation.Pick : KeyedRandom.Mix(operation.Pick + (ulong)turn);
        var text = operation.Text ?? (operation.Bytes is { } bytes ? DrawnText.Of(pick, bytes) : DrawnText.Of(pick));
        switch (operation.Do)
        {
            case OperationKind.Send:
                return new NodeCommand.SendText(conversation, text, null);
            case OperationKind.Leave:
                return new NodeCommand.Leave(conversation);
            case OperationKind.Add:
                return new NodeCommand.AddMember(conversation, _world.Nodes[operation.Member].Self.Id);
        }

        if (TargetChooser.Choose(node, conversation, operation.Do, pick) is not { } target)
        {
            return null;
        }

        return operation.Do switch
        {
            OperationKind.Reply => new NodeCommand.SendText(conversation, text, target),
            OperationKind.Edit => new NodeCommand.Edit(conversation, target, text),
            OperationKind.Delete => new NodeCommand.Delete(conversation, target),
            OperationKind.React => new NodeCommand.React(
                conversation, target, operation.Text ?? (operation.Bytes is null ? DrawnText.Emoji(pick >> 8) : text), (pick & 3) == 0),
            _ => new NodeCommand.MarkRead(conversation, target),
        };
    }

    private void Remember(Operation operation, NodeResult result)
    {
        switch (result)
        {
            case NodeResult.Opened opened:
                _conversations[operation.Conversation] = opened.Conversation;
                break;
            case NodeResult.Invited invited when operation.Do == OperationKind.Invite:
                _invites[operation.Invite] = invited.Invite;
                break;
        }
    }

    private void Succeed(PlannedOperation planned)
    {
        planned.Done();
        TallyOf(planned.Operation).Succeeded++;
    }

    private void Fail(int index, string why, bool foundNothing = false, bool isExplained = false)
    {
        var planned = _planned[index];
        Say(planned, "cannot: " + why);
        TallyOf(planned.Operation).LastObstacle = why;
        if (planned.Failed(foundNothing))
        {
            Schedule(_world.Scheduler.Now.Microseconds + planned.NextDelay(_world.Random), index);
        }
        else if (foundNothing && planned.Operation.IsDrawn && !planned.IsWaiting)
        {
            TallyOf(planned.Operation).Attempted--;
        }
        else if (isExplained && !planned.IsWaiting)
        {
            TallyOf(planned.Operation).Explained++;
        }
    }

    private void Say(PlannedOperation planned, string what) => _world.Log?.Invoke(_world.Now, planned.Operation.Node, what);

    private OperationTally TallyOf(Operation operation)
    {
        if (!_tallies.TryGetValue(operation.Do, out var tally))
        {
            _tallies.Add(operation.Do, tally = new OperationTally());
        }

        return tally;
    }

    private void Schedule(long at, int index) => _world.Scheduler.At(at, this, (int)_planned[index].Operation.Do, argument: index);

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}
