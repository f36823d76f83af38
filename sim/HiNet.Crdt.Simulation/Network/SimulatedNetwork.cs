using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Kernel;

namespace HiNet.Crdt.Simulation.Network;

/// <summary>
/// What the network does to nodes, and why they survive.
/// <para>
/// A link is a byte stream: what arrives is what was sent, in order and without gaps, or the link ends. So loss shows as delay
/// (a lost segment is sent again after 200 ms, then 400, and so on) and, after eight losses in a row, as a broken link. A
/// delivery may come in two pieces, several sends in one. The engine survives these because frames carry their length, because
/// nothing it sends is assumed to have arrived until a frontier says so, and because each new link begins by comparing frontiers.
/// </para>
/// <para>
/// Partitions and one-way cuts stop bytes where they are. When the cut heals in time they go on; otherwise the sender gives up
/// and the other end does not hear of it: it holds a half-open link until it sends something itself or until its own patience
/// ends. The engine survives because a link is never a fact about another node's state, and because dialling again is a timer.
/// A dial into a cut runs into its time-out. A crashed process is answered for by its machine (the link resets at once); a
/// machine without power answers nothing. A clog holds everything on one path until it clears.
/// </para>
/// <para>Datagrams, which only the DHT sends, are lost, doubled and overtaken: see the part about them.</para>
/// </summary>
internal sealed partial class SimulatedNetwork : IEventTarget
{
    private const int SegmentSize = 1400;
    private const long LongestPieceSeconds = 5;
    private const int MaximumRetransmissions = 8;
    private const long FirstRetransmission = 200_000;
    private const long LingerPatience = 2_000_000;
    private const long HalfOpenPatience = 45_000_000;

    private readonly Scheduler _scheduler;
    private readonly KeyedRandom _random;
    private readonly List<INetworkHost> _hosts = [];
    private readonly List<LinkEnd> _flushing = [];
    private readonly List<LinkEnd> _everyEnd = [];
    private readonly SortedDictionary<long, ulong> _pairLinks = [];
    private double[] _chunkLoss = [];
    private NetworkOptions _options = new();
    private long _latencyRange;
    private int _sweepAt = 256;

    public SimulatedNetwork(Scheduler scheduler, KeyedRandom random, NetworkOptions options)
    {
        _scheduler = scheduler;
        _random = random;
        Options = options;
    }

    public int TraceId => -1;

    public NetworkOptions Options
    {
        get => _options;
        set
        {
            _options = value;
            _latencyRange = (value.MaximumLatency - value.MinimumLatency).Ticks / TimeSpan.TicksPerMicrosecond;
            _chunkLoss = new double[17];
            double arrives = 1;
            for (var segments = 1; segments < _chunkLoss.Length; segments++)
            {
                arrives *= 1 - value.Loss;
                _chunkLoss[segments] = 1 - arrives;
            }
        }
    }

    /// <summary>Pieces and dials on their way.</summary>
    public int InFlight { get; private set; }

    public long BytesSent { get; private set; }

    /// <summary>Of these, what went over links between two who keep to the protocol, and datagrams.</summary>
    public long HonestBytesSent { get; private set; }

    public long LinksOpened { get; private set; }

    public void Attach(INetworkHost host) => _hosts.Add(host);

    public IRunObserver? Observer { get; set; }

    public static string AddressOf(int node) => $"node-{node}:1";

    /// <summary>Takes bytes; they leave with <see cref="Flush"/>, joined.</summary>
    public void Send(INetworkHost host, LinkId link, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty || !host.Ends.TryGetValue(link, out var end) || !end.IsOpen || end.IsClosing)
        {
            return;
        }

        if (end.Staged.Count == 0)
        {
            _flushing.Add(end);
        }

        end.Staged.Add(bytes);
        end.HasOverflowed |= !end.Backlog.TryAdd(bytes.Length);
    }

    /// <summary>Sends what one event staged: one piece a link.</summary>
    public void Flush()
    {
        for (var i = 0; i < _flushing.Count; i++)
        {
            FlushOne(_flushing[i]);
        }

        _flushing.Clear();
    }

    /// <summary>Ends a link after what was sent before it.</summary>
    public void Disconnect(INetworkHost host, LinkId link)
    {
        if (!host.Ends.TryGetValue(link, out var end) || !end.IsOpen || end.IsClosing)
        {
            return;
        }

        FlushOne(end);
        end.IsClosing = true;
        Schedule(end, []);
        _scheduler.After(LingerPatience, this, (int)NetworkEvent.LocalEnd, payload: end);
    }

    /// <summary>Opens a stream to "node-K:1", or reports why not.</summary>
    public void Dial(INetworkHost host, string address)
    {
        var dial = new PendingDial(host, host.Generation, address, TryParse(address, out var target) ? target : -1);
        InFlight++;
        var pair = Pair(host.Index, dial.Target);
        _pairLinks[pair] = dial.Number = _pairLinks.GetValueOrDefault(pair) + 1;
        if (dial.Target < 0 || dial.Target >= _hosts.Count)
        {
            _scheduler.After(0, this, (int)NetworkEvent.DialFailed, payload: dial with { Problem = "no such address" });
            return;
        }

        _scheduler.After(Latency((ulong)pair, DrawStream.DialDelay, dial.Number), this, (int)NetworkEvent.DialArrives, payload: dial);
    }

    /// <summary>Ends every link of a node that has crashed.</summary>
    public void Crashed(INetworkHost host, IEnumerable<LinkEnd> ends)
    {
        Observer?.Crashed(host.Index, host.IsDark, _scheduler.Now.Microseconds);
        foreach (var end in ends)
        {
            end.IsOpen = false;
            end.Staged.Clear();
            _scheduler.After(
                host.IsDark ? HalfOpenPatience : Latency(end.DrawOwner, DrawStream.LinkLatency, end.Counter++),
                this,
                (int)NetworkEvent.Reset,
                payload: end.Remote);
        }
    }

    /// <summary>Lets bytes go on that a cut, now gone, has stopped.</summary>
    public void Resume()
    {
        foreach (var end in _everyEnd)
        {
            if (end.Stalled.Count == 0 || IsBlocked(end.Host.Index, end.Remote.Host.Index) || IsSwallowed(end.Remote))
            {
                continue;
            }

            end.StallNumber++;
            var delay = _random.Below(DrawStream.LinkLoss, end.DrawOwner, end.Counter++, 1_000_000);
            end.LastArrival = Math.Max(end.LastArrival, _scheduler.Now.Microseconds + delay);
            while (end.Stalled.TryDequeue(out var piece))
            {
                InFlight++;
                _scheduler.At(end.LastArrival, this, (int)NetworkEvent.Arrives, payload: new Piece(end, piece.Number, piece.Bytes));
            }
        }

        Sweep();
    }

    private static bool TryParse(string address, out int node)
    {
        node = -1;
        return address.StartsWith("node-", StringComparison.Ordinal)
            && address.EndsWith(":1", StringComparison.Ordinal)
            && int.TryParse(address.AsSpan(5, address.Length - 7), System.Globalization.NumberStyles.None, null, out node);
    }

    private static long Pair(int from, int to) => ((long)from << 32) | (uint)to;

    // A machine without power takes no bytes and says nothing.
    private static bool IsSwallowed(LinkEnd receiver) => !receiver.BelongsToCurrentLife && !receiver.Host.IsUp && receiver.Host.IsDark;

    private long Latency(ulong owner, DrawStream stream, ulong counter) =>
        (_options.MinimumLatency.Ticks / TimeSpan.TicksPerMicrosecond) + _random.Below(stream, owner, counter, _latencyRange + 1);

    private void FlushOne(LinkEnd end)
    {
        if (end.Staged.Count == 0)
        {
            return;
        }

        var length = 0;
        foreach (var part in end.Staged)
        {
            length += part.Length;
        }

        var joined = new byte[length];
        var at = 0;
        foreach (var part in end.Staged)
        {
            part.Span.CopyTo(joined.AsSpan(at));
            at += part.Length;
        }

        end.Staged.Clear();
        BytesSent += length;
        HonestBytesSent += end.Host.IsHonest && end.Remote.Host.IsHonest ? length : 0;
        if (end.HasOverflowed)
        {
            QueueOverflowed?.Invoke(end.Host.Index, end.Backlog.Pending);
            _scheduler.After(0, this, (int)NetworkEvent.Reset, payload: end);
            return;
        }

        var owner = end.DrawOwner;
        if (length > 1 && _random.Chance(DrawStream.LinkSplit, owner, end.Counter, _options.Split))
        {
            var cut = (int)_random.Between(DrawStream.LinkSplit, owner, ~end.Counter, 1, length - 1);
            Divide(end, joined[..cut]);
            Divide(end, joined[cut..]);
            return;
        }

        Divide(end, joined);
    }

    // A stream gives what has come of a large write so far: what takes long arrives bit by bit.
    private void Divide(LinkEnd end, byte[] bytes)
    {
        var most = _options.BytesPerSecond > 0 ? (int)Math.Min(_options.BytesPerSecond * LongestPieceSeconds, bytes.Length) : bytes.Length;
        for (var at = 0; at < bytes.Length; at += most)
        {
            Schedule(end, bytes.AsSpan(at, Math.Min(most, bytes.Length - at)).ToArray());
        }
    }

    /// <summary>Called when a link has more to send than the real transport would take.</summary>
    public Action<int, long>? QueueOverflowed { get; set; }

    private sealed record PendingDial(INetworkHost Host, int Generation, string Address, int Target)
    {
        public ulong Number { get; set; }

        public string Problem { get; init; } = string.Empty;
    }

    private sealed record Piece(LinkEnd Sender, long Number, byte[] Bytes);
}
