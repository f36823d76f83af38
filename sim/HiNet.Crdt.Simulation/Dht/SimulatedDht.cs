using System.Buffers.Binary;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Cryptography;
using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Dht;

/// <summary>
/// A network of the DHT's nodes over datagrams that take their time and may be lost. A node comes into being when it is first
/// needed, with the routing table that a long life would have given it, so that a large network costs what is used of it.
/// </summary>
internal sealed class SimulatedDht : IEventTarget
{
    private const int DatagramArrives = 1, DeadlineComes = 2, SignatureIsChecked = 3;
    private const uint FirstAddress = 0x1400_0001;
    private const ushort Port = 4000;
    private const long FirstUnixMilliseconds = 1_800_000_000_000;
    private const long ShortestMicroseconds = 10_000, LongestMicroseconds = 80_000;

    private readonly DhtRunOptions _options;
    private readonly DhtOptions _nodeOptions = new();
    private readonly KeyedRandom _random;
    private readonly Scheduler _scheduler;
    private readonly SimulatedCryptography _cryptography;
    private readonly List<DhtPeer> _peers = [];
    private readonly List<NodeKeyPair> _keys = [];
    private readonly List<NodeRole> _roles = [];
    private readonly List<SimulatedDhtNode?> _nodes = [];
    private readonly IdSpace _all;
    private readonly IdSpace _accomplices;
    private readonly Dictionary<Bytes32, byte[]> _claims = [];
    private ulong _sent;
    private int _ownSlots;

    public SimulatedDht(DhtRunOptions options, Scheduler scheduler)
    {
        _options = options;
        _scheduler = scheduler;
        _random = new KeyedRandom(options.Seed);
        _cryptography = new SimulatedCryptography(_random);
        for (var i = 0; i < options.Nodes; i++)
        {
            AddPeer();
        }

        Deal();
        _all = new IdSpace(_peers);
        _accomplices = new IdSpace(_peers.Where((_, i) => _roles[i] == NodeRole.Hostile));
        Honest = new IdSpace(_peers.Where((_, i) => _roles[i] == NodeRole.Honest));
    }

    /// <inheritdoc/>
    public int TraceId => 1;

    public ICryptography Cryptography => _cryptography;

    public KeyedRandom Random => _random;

    public long Datagrams => (long)_sent;

    public long Bytes { get; private set; }

    /// <summary>The nodes that are alive and keep to the rules.</summary>
    public IdSpace Honest { get; }

    public int HonestNodes { get; private set; }

    public SortedDictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

    public long UnixMilliseconds => FirstUnixMilliseconds + (_scheduler.Now.Microseconds / 1000);

    /// <summary>A node that nobody knows comes up, at an address of its own, and is told where some others are.</summary>
    public DhtPeer Arrive(IReadOnlyList<Endpoint> bootstraps)
    {
        var peer = AddPeer();
        Honest.Add(peer);
        HonestNodes++;
        var index = _peers.Count - 1;
        var node = _nodes[index] = Create(index);
        node.Handle(new DhtInput.WallClockRead(UnixMilliseconds), _scheduler.Now);
        node.Handle(new DhtInput.Bootstrap(bootstraps), _scheduler.Now);
        return peer;
    }

    /// <summary>An honest node is gone without a word, and for good: what it was doing never ends.</summary>
    public void Depart(DhtPeer peer)
    {
        var index = IndexOf(peer.Endpoint);
        _roles[index] = NodeRole.Dead;
        _nodes[index] = null;
        Honest.Remove(peer);
        HonestNodes--;
    }

    /// <summary>The nodes nearest to a target, dead and hostile ones among them.</summary>
    public List<DhtPeer> Nearest(DhtId target, int count) => _all.Nearest(target, count);

    /// <summary>For each bucket of a node: how many contacts are in it, and how many nodes could be.</summary>
    public IEnumerable<(int Contacts, int Nodes)> Buckets(int node)
    {
        var self = _peers[node].Id;
        for (var bits = 0; bits < DhtId.Bits; bits++)
        {
            var contacts = NodeAt(node).Machine.Table.Entries().Count(entry => DhtId.CommonPrefix(entry.Peer.Id, self) == bits);
            var (from, until) = _all.Range(self, bits);
            var (start, end) = _all.Range(self, bits + 1);
            yield return (contacts, until - from - (bits + 1 < DhtId.Bits ? end - start : 1));
        }
    }

    /// <summary>Hostile nodes say from now on that they hold this slot, and nothing else, at its target.</summary>
    public void Claim(DhtSlot slot) => _claims[slot.Target] = SlotStore.Digest(_cryptography, [slot]);

    public bool IsHonest(DhtPeer peer) => _roles[IndexOf(peer.Endpoint)] == NodeRole.Honest;

    public DhtPeer PeerOf(SimulatedDhtNode node) => _peers[node.Index];

    public bool IsUp(SimulatedDhtNode node) => ReferenceEquals(_nodes[node.Index], node);

    public SimulatedDhtNode NodeOf(DhtPeer peer) => NodeAt(IndexOf(peer.Endpoint));

    /// <inheritdoc/>
    public void Fire(in ScheduledEvent scheduled)
    {
        switch (scheduled.Kind)
        {
            case DatagramArrives:
                Deliver((int)(scheduled.Argument >> 32), (int)scheduled.Argument, (ReadOnlyMemory<byte>)scheduled.Payload!);
                break;
            case DeadlineComes when _roles[(int)scheduled.Argument] != NodeRole.Dead:
                NodeAt((int)scheduled.Argument).DeadlineCame(_scheduler.Now);
                break;
            case SignatureIsChecked when IsUp((SimulatedDhtNode)scheduled.Payload!):
                ((SimulatedDhtNode)scheduled.Payload!).Handle(new DhtInput.Verified(scheduled.Argument >> 1, (scheduled.Argument & 1) == 1), _scheduler.Now);
                break;
            default:
                break;
        }
    }

    internal void Send(int from, Endpoint to, ReadOnlyMemory<byte> bytes, long delay = 0)
    {
        Bytes += bytes.Length;
        var number = _sent++;
        var index = IndexOf(to);
        if (index >= 0 && index < _roles.Count && _roles[index] != NodeRole.Dead && !_random.Chance(DrawStream.DhtNetwork, 0, number, _options.Loss))
        {
            var latency = _random.Between(DrawStream.DhtNetwork, 1, number, ShortestMicroseconds, LongestMicroseconds);
            _scheduler.After(delay + latency, this, DatagramArrives, argument: ((long)from << 32) | (uint)index, payload: bytes);
        }
    }

    internal void Verify(SimulatedDhtNode node, DhtEffect.Verify verify)
    {
        var isValid = _cryptography.Verify(verify.Key.ToArray(), verify.Message.Span, verify.Signature.Span);
        _scheduler.After(50, this, SignatureIsChecked, argument: (verify.Token << 1) | (isValid ? 1L : 0L), payload: node);
    }

    internal void ScheduleDeadline(int index, Instant at) => _scheduler.At(at.Microseconds, this, DeadlineComes, argument: index);

    private DhtPeer AddPeer()
    {
        var index = _peers.Count;
        Span<byte> seed = stackalloc byte[32];
        BinaryPrimitives.WriteInt32LittleEndian(seed, index);
        BinaryPrimitives.WriteUInt64LittleEndian(seed[8..], _options.Seed);
        var keys = NodeKeyPair.FromSeed(_cryptography, seed);
        var peer = DhtPeer.Of(_cryptography, new DhtContact(keys.Id.Value, Endpoint.FromIPv4(FirstAddress + ((uint)index << 8), Port)));
        _keys.Add(keys);
        _peers.Add(peer);
        _roles.Add(NodeRole.Honest);
        _nodes.Add(null);
        return peer;
    }

    private static int IndexOf(Endpoint endpoint) => (int)(((uint)endpoint.Address - FirstAddress) >> 8);

    private void Deal()
    {
        HonestNodes = _options.Nodes;
        var hostile = (int)(_options.Nodes * _options.Hostile);
        var dead = (int)(_options.Nodes * _options.Dead);

        // The first of a shuffle: exactly the parts that were asked for.
        int[] order = [.. Enumerable.Range(0, _options.Nodes)];
        for (var i = 0; i < hostile + dead; i++)
        {
            var other = (int)_random.Between(DrawStream.DhtRoles, 0, (ulong)i, i, _options.Nodes - 1);
            (order[i], order[other]) = (order[other], order[i]);
            _roles[order[i]] = i < hostile ? NodeRole.Hostile : NodeRole.Dead;
            HonestNodes--;
        }
    }

    private void Deliver(int from, int to, ReadOnlyMemory<byte> bytes)
    {
        if (_roles[to] == NodeRole.Honest)
        {
            NodeAt(to).Handle(new DhtInput.DatagramReceived(_peers[from].Endpoint, bytes), _scheduler.Now);
        }
        else if (_roles[to] == NodeRole.Hostile
            && new HostileNode(_cryptography, _keys[to], _accomplices, _options.AreIdsForged ? Honest : null, _claims, _options.AreSlow ? NextSlot : null)
                .Answer(bytes.Span) is { } answer)
        {
            Send(to, _peers[from].Endpoint, answer, _options.AreSlow ? LatestFor(from) : 0);
        }
    }

    private DhtSlot NextSlot(DhtId target) =>
        DhtWorkload.SignedSlot(this, target, DhtWorkload.Target(this, 3, _ownSlots++).Value, TimeSpan.FromHours(1));

    /// <summary>How long an answer may be held back, in microseconds, so that it still comes in time.</summary>
    private long LatestFor(int asker) =>
        Math.Max(0, (NodeAt(asker).Machine.RoundTripLimit.Ticks / TimeSpan.TicksPerMicrosecond) - (2 * LongestMicroseconds));

    private SimulatedDhtNode NodeAt(int index)
    {
        if (_nodes[index] is { } node)
        {
            return node;
        }

        _nodes[index] = node = Create(index);
        FillTable(node.Machine.Table, index);
        node.Handle(new DhtInput.WallClockRead(UnixMilliseconds), _scheduler.Now);
        return node;
    }

    private SimulatedDhtNode Create(int index) =>
        new(this, index, new DhtNode(_cryptography, _keys[index], new NodeRandom(_random, index, 0), _nodeOptions, _scheduler.Now), _scheduler.Now);

    // For each number of shared bits the nodes that share exactly so many are a range; k of them, drawn, are in the bucket.
    private void FillTable(RoutingTable table, int index)
    {
        var self = _peers[index].Id;
        var (from, until) = (0, _options.Nodes);
        for (var bits = 1; until - from > 1 && bits <= DhtId.Bits; bits++)
        {
            var (start, end) = _all.Range(self, bits);
            var others = start - from + (until - end);
            var wanted = Math.Min(others, _nodeOptions.BucketSize);

            // Floyd's sample: so many distinct ones of the range, each set as likely as any other.
            var drawn = new SortedSet<int>();
            for (var last = others - wanted; last < others; last++)
            {
                var pick = (int)_random.Below(DrawStream.DhtTables, (ulong)index, ((ulong)bits << 32) | (uint)last, last + 1);
                drawn.Add(drawn.Contains(pick) ? last : pick);
            }

            foreach (var place in drawn)
            {
                table.Offer(_all[from + place < start ? from + place : end + (place - (start - from))], _scheduler.Now, out _);
            }

            (from, until) = (start, end);
        }
    }
}
