using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Reading;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>Nodes in one thread whose every wish is granted at once: enough to see what the engine decides. Faults are the simulator's work.</summary>
internal sealed class LoopbackWorld
{
    private readonly Queue<Action> _work = new();
    private long _links;

    public Instant Now { get; private set; } = new(1_000_000);

    public long Wall => 1_700_000_000_000 + (Now.Microseconds / 1000);

    public List<LoopbackNode> Nodes { get; } = [];

    public LoopbackNode Add(string name)
    {
        var node = new LoopbackNode(this, name);
        Nodes.Add(node);
        return node;
    }

    public void Enqueue(Action action) => _work.Enqueue(action);

    public void Link(LoopbackNode initiator, LoopbackNode responder)
    {
        var (a, b) = (new LinkId(++_links), new LinkId(++_links));
        initiator.Ends[a] = (responder, b);
        responder.Ends[b] = (initiator, a);
        initiator.Input(new NodeInput.LinkOpened(a, true, null));
        responder.Input(new NodeInput.LinkOpened(b, false, null));
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
        while (true)
        {
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

internal sealed class LoopbackNode : IEffectSink<NodeEffect>
{
    private readonly LoopbackWorld _world;
    private readonly MemoryStore _store = new();
    private long _commands;

    public LoopbackNode(LoopbackWorld world, string name)
    {
        _world = world;
        Span<byte> identity = stackalloc byte[32];
        Span<byte> agreement = stackalloc byte[32];
        Cryptography.FillSecret(identity);
        Cryptography.FillSecret(agreement);
        Secrets = HomeSecrets.Create(Cryptography, name, identity, agreement);
        Core = Start();
    }

    public static ICryptography Cryptography => SodiumCryptography.Instance;

    public HomeSecrets Secrets { get; }

    public NodeCore Core { get; private set; }

    public NodeReader Reader => new(_store, Cryptography, Secrets);

    public Dictionary<LinkId, (LoopbackNode Node, LinkId Link)> Ends { get; } = [];

    public Dictionary<long, NodeResult> Results { get; } = [];

    public List<NodeEvent> Events { get; } = [];

    public Dictionary<string, long> Counts { get; } = [];

    public IdentityId Identity => Secrets.Identity;

    public long SentBytes { get; private set; }

    public void Restart()
    {
        foreach (var (link, end) in Ends.ToList())
        {
            Ends.Remove(link);
            end.Node.Ends.Remove(end.Link);
            end.Node.Input(new NodeInput.LinkEnded(end.Link, "the other end restarts"));
        }

        _world.Run();
        Core = Start();
    }

    public void Input(NodeInput input) => _world.Enqueue(() => Core.Handle(input, _world.Now, this));

    public NodeResult Do(NodeCommand command)
    {
        var id = ++_commands;
        Input(new NodeInput.Commanded(id, command));
        _world.Run();
        return Results[id];
    }

    public EntryId Send(ConversationId conversation, string text) =>
        Do(new NodeCommand.SendText(conversation, text, null)).ShouldBeOfType<NodeResult.Written>().Entry;

    public void Add(NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.Persist persist:
                _store.Write(persist.Writes);
                Input(new NodeInput.Persisted(persist.Batch));
                break;
            case NodeEffect.Verify verify:
                var valid = Cryptography.Verify(verify.Key.ToArray(), verify.Message.Span, verify.Signature.Span);
                Input(new NodeInput.Verified(verify.Token, valid));
                break;
            case NodeEffect.Send send when Ends.TryGetValue(send.Link, out var end):
                SentBytes += send.Bytes.Length;
                var bytes = send.Bytes.ToArray();
                end.Node.Input(new NodeInput.BytesReceived(end.Link, bytes));
                break;
            case NodeEffect.Disconnect disconnect when Ends.Remove(disconnect.Link, out var other):
                other.Node.Input(new NodeInput.LinkEnded(other.Link, disconnect.Reason));
                break;
            case NodeEffect.Complete complete:
                Results[complete.Command] = complete.Result;
                break;
            case NodeEffect.Announce announce:
                Events.Add(announce.Event);
                break;
            case NodeEffect.Count count:
                Counts[count.Instrument] = Counts.GetValueOrDefault(count.Instrument) + count.Amount;
                break;
            default:
                break;
        }
    }

    private NodeCore Start()
    {
        var core = new NodeCore(
            new NodeCoreOptions(), Secrets, _store, Cryptography, new CountingRandom(), Marks.None, _world.Now);
        core.Handle(new NodeInput.WallClockRead(_world.Wall), _world.Now, this);
        return core;
    }

    private sealed class CountingRandom : IRandomSource
    {
        public ulong Draw(RandomStream stream, ulong counter) => (counter + 1) * 0x9E3779B97F4A7C15UL;
    }
}
