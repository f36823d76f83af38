using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Tests.Dht;

/// <summary>Nodes of the DHT whose datagrams take ten milliseconds, in virtual time. Addresses are public ones, each in a network of its own.</summary>
internal sealed class TestNetwork
{
    public const long StartUnixMilliseconds = 1_800_000_000_000;

    private readonly SortedDictionary<(long At, long Number), Action> _events = [];
    private readonly SortedDictionary<Endpoint, TestNode> _nodes = [];
    private long _number;

    public Instant Now { get; private set; } = new(1_000_000);

    public long UnixSeconds => (StartUnixMilliseconds + (Now.Microseconds / 1000)) / 1000;

    /// <summary>Sees every datagram; false loses it.</summary>
    public Func<Endpoint, Endpoint, ReadOnlyMemory<byte>, bool> Passes { get; set; } = (_, _, _) => true;

    public static Endpoint EndpointOf(int index) => Endpoint.FromIPv4(0x1400_0001 + ((uint)index << 8), 4000);

    public TestNode Add(int index, DhtOptions? options = null, Endpoint? endpoint = null)
    {
        var node = new TestNode(this, index, endpoint ?? EndpointOf(index), options ?? new DhtOptions());
        _nodes[node.Endpoint] = node;
        node.Handle(new DhtInput.WallClockRead(StartUnixMilliseconds + (Now.Microseconds / 1000)));
        return node;
    }

    /// <summary>The node is gone, and nothing of it happens any more.</summary>
    public void Remove(TestNode node) => _nodes.Remove(node.Endpoint);

    public void Send(Endpoint from, Endpoint to, ReadOnlyMemory<byte> bytes)
    {
        if (Passes(from, to, bytes))
        {
            After(TimeSpan.FromMilliseconds(10), () =>
            {
                if (_nodes.TryGetValue(to, out var node))
                {
                    node.Handle(new DhtInput.DatagramReceived(from, bytes));
                }
            });
        }
    }

    public void After(TimeSpan time, Action action) => _events[((Now + time).Microseconds, _number++)] = action;

    /// <summary>Lets virtual time pass.</summary>
    public void Run(TimeSpan time)
    {
        var until = Now + time;
        while (Step(until))
        {
        }

        Now = until;
    }

    /// <summary>Lets virtual time pass until something is so; fails after a minute of it.</summary>
    public void RunUntil(Func<bool> condition)
    {
        var until = Now + TimeSpan.FromMinutes(1);
        while (!condition())
        {
            Step(until).ShouldBeTrue("nothing more happens within a minute");
        }
    }

    public T Do<T>(TestNode node, DhtOperation operation)
        where T : DhtResult
    {
        var number = node.Command(operation);
        RunUntil(() => node.Results.ContainsKey(number));
        return node.Results[number].ShouldBeOfType<T>();
    }

    /// <summary>So many nodes that know each other through the first.</summary>
    public List<TestNode> Grow(int count, DhtOptions? options = null)
    {
        List<TestNode> nodes = [];
        for (var i = 0; i < count; i++)
        {
            nodes.Add(Add(i, options));
            if (i > 0)
            {
                nodes[i].Handle(new DhtInput.Bootstrap([nodes[0].Endpoint]));
                Run(TimeSpan.FromMilliseconds(i < 20 ? 500 : 100));
            }
        }

        Run(TimeSpan.FromSeconds(10));
        return nodes;
    }

    /// <summary>A node has done something: its deadline may have moved.</summary>
    public void Schedule(TestNode node)
    {
        if (node.Machine.Deadline < node.ScheduledAt)
        {
            node.ScheduledAt = node.Machine.Deadline;
            var at = node.ScheduledAt;
            _events[(at.Microseconds, _number++)] = () =>
            {
                if (node.ScheduledAt != at)
                {
                    return;
                }

                node.ScheduledAt = Instant.Never;
                if (_nodes.GetValueOrDefault(node.Endpoint) != node)
                {
                    return;
                }

                if (node.Machine.Deadline <= Now)
                {
                    node.HandleDeadline();
                }
                else
                {
                    Schedule(node);
                }
            };
        }
    }

    private bool Step(Instant until)
    {
        if (_events.Count == 0)
        {
            return false;
        }

        var (key, action) = _events.First();
        if (key.At > until.Microseconds)
        {
            return false;
        }

        Now = new Instant(Math.Max(key.At, Now.Microseconds));
        _events.Remove(key);
        action();
        return true;
    }
}
