using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>
/// Nodes in one thread whose every wish is granted at once: enough to see what the engine decides. Faults are the simulator's
/// work. Keys are counted, so a run repeats exactly.
/// </summary>
internal sealed class LoopbackWorld
{
    private readonly Queue<Action> _work = new();
    private long _links;
    private int _added;

    public Instant Now { get; private set; } = new(1_000_000);

    public long Wall => 1_700_000_000_000 + (Now.Microseconds / 1000);

    public List<LoopbackNode> Nodes { get; } = [];

    public LoopbackNode Add(string name)
    {
        var node = new LoopbackNode(this, name, _added++);
        Nodes.Add(node);
        return node;
    }

    public void Enqueue(Action action) => _work.Enqueue(action);

    public LinkId NextLink() => new(++_links);

    /// <param name="initiator">Who dialled.</param>
    /// <param name="responder">Who was dialled.</param>
    /// <param name="address">What was dialled; null when the link was handed over.</param>
    public void Link(LoopbackNode initiator, LoopbackNode responder, string? address = null)
    {
        var (a, b) = (NextLink(), NextLink());
        initiator.Ends[a] = new LoopbackEnd(
            responder, bytes => responder.Input(new NodeInput.BytesReceived(b, bytes)), reason => responder.EndLink(b, reason));
        responder.Ends[b] = new LoopbackEnd(
            initiator, bytes => initiator.Input(new NodeInput.BytesReceived(a, bytes)), reason => initiator.EndLink(a, reason));
        initiator.Input(new NodeInput.LinkOpened(a, true, address));
        responder.Input(new NodeInput.LinkOpened(b, false, null));
        Run();
    }

    /// <summary>Ends every link between two nodes, for both at once.</summary>
    public void Unlink(LoopbackNode one, LoopbackNode other)
    {
        one.EndLinks(other);
        other.EndLinks(one);
        Run();
    }

    /// <summary>Does what is to be done now.</summary>
    public void Run()
    {
        for (var i = 0; _work.TryDequeue(out var action); i++)
        {
            i.ShouldBeLessThan(2_000_000, "the nodes never come to rest");
            action();
        }
    }

    /// <summary>Lets time pass in steps of the nodes' deadlines.</summary>
    public void Pass(TimeSpan time)
    {
        var end = Now + time;
        Run();
        for (var i = 0; true; i++)
        {
            i.ShouldBeLessThan(100_000, "a deadline never passes");
            var next = Nodes.Select(node => node.Core.Deadline).Append(end).Min();
            if (next >= end)
            {
                Now = end;
                return;
            }

            Now = next < Now ? Now : next;
            foreach (var node in Nodes.Where(node => node.Core.Deadline <= Now))
            {
                node.Core.HandleDeadline(Now, node);
            }

            Run();
        }
    }
}
