using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Network;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// An adversary's node: the real engine, which takes part as everyone does and keeps the node a member, and beside it an
/// <see cref="Attacker"/> with links of its own. Both share the node's place in the network, its keys and its disk. Links that
/// the attacker dials, or takes from those that come in, never reach the engine.
/// </summary>
internal sealed class AdversaryMachine : IStateMachine<NodeInput, NodeEffect>, IEffectSink<NodeEffect>, IDisposable
{
    private const int LargestNumberOfLinks = 600;

    private readonly IStateMachine<NodeInput, NodeEffect> _inner;
    private readonly Attacker _attacker;
    private readonly SortedDictionary<LinkId, HostileLink> _links = [];
    private readonly SortedDictionary<string, Queue<Func<LinkId, HostileLink>>> _dialled = new(StringComparer.Ordinal);
    private IEffectSink<NodeEffect>? _effects;

    public AdversaryMachine(IStateMachine<NodeInput, NodeEffect> inner, Attacker attacker, Instant now)
    {
        _inner = inner;
        _attacker = attacker;
        Now = now;
        attacker.Started(now);
    }

    public Instant Now { get; private set; }

    public Instant Deadline
    {
        get
        {
            var deadline = Instant.Min(_inner.Deadline, _attacker.Next);
            foreach (var link in _links.Values)
            {
                deadline = Instant.Min(deadline, link.Deadline);
            }

            return deadline;
        }
    }

    public int LinkCount => _links.Count;

    public void Handle(NodeInput input, Instant now, IEffectSink<NodeEffect> effects)
    {
        (Now, _effects) = (now, effects);
        switch (input)
        {
            case NodeInput.LinkOpened { Address: { } address } opened when TryTakeDial(address, out var make):
                Hold(make(opened.Link));
                break;
            case NodeInput.LinkOpened { IsInitiator: false } opened when _attacker.TakeIncoming(this, opened.Link) is { } link:
                Hold(link);
                break;
            case NodeInput.BytesReceived received when _links.TryGetValue(received.Link, out var link):
                link.Received(received.Bytes, now);
                break;
            case NodeInput.LinkEnded ended when _links.Remove(ended.Link, out var link):
                link.Dispose();
                break;
            case NodeInput.DialFailed failed when TryTakeDial(failed.Address, out _):
                break;
            default:
                if (input is NodeInput.DatagramReceived datagram)
                {
                    _attacker.Datagrams.Saw(datagram.Bytes);
                }

                _inner.Handle(input, now, this);
                break;
        }
    }

    public void HandleDeadline(Instant now, IEffectSink<NodeEffect> effects)
    {
        (Now, _effects) = (now, effects);
        if (now >= _inner.Deadline)
        {
            _inner.HandleDeadline(now, this);
        }

        foreach (var link in _links.Values.ToList())
        {
            if (now >= link.Deadline)
            {
                link.HandleDeadline(now);
            }
        }

        if (now >= _attacker.Next)
        {
            _attacker.Act(this, now);
        }
    }

    /// <summary>Takes an effect, of the engine or of a hostile link.</summary>
    public void Add(NodeEffect effect) => _effects!.Add(effect);

    /// <summary>Dials a node; the link belongs to the attacker. Nothing happens when it has very many already.</summary>
    public void Dial(int node, Func<LinkId, HostileLink> make)
    {
        if (_links.Count + _dialled.Values.Sum(queue => queue.Count) >= LargestNumberOfLinks)
        {
            return;
        }

        var address = SimulatedNetwork.AddressOf(node);
        if (!_dialled.TryGetValue(address, out var queue))
        {
            _dialled.Add(address, queue = new Queue<Func<LinkId, HostileLink>>());
        }

        queue.Enqueue(make);
        Add(new NodeEffect.Dial(address));
    }

    public void Drop(HostileLink link)
    {
        if (_links.Remove(link.Id))
        {
            link.Dispose();
            Add(new NodeEffect.Disconnect(link.Id, "the attacker is done"));
        }
    }

    public void Dispose()
    {
        (_inner as IDisposable)?.Dispose();
        foreach (var link in _links.Values)
        {
            link.Dispose();
        }
    }

    private void Hold(HostileLink link)
    {
        _links.Add(link.Id, link);
        link.Opened(Now);
    }

    // Engine and attacker may have dialled one node: links are alike until something is said on them, so the first is the attacker's.
    private bool TryTakeDial(string address, out Func<LinkId, HostileLink> make)
    {
        make = null!;
        return _dialled.TryGetValue(address, out var queue) && queue.TryDequeue(out make!);
    }
}
