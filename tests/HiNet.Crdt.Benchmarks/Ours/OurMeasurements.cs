using HiNet.Crdt.Benchmarks.Framework;
using HiNet.Crdt.Benchmarks.Ours.Dht;
using HiNet.Crdt.Benchmarks.Ours.Simulator;
using HiNet.Crdt.Simulation.Dht;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>What this engine does, by the names that the rows use. A row whose measurement is not among these is reported as missing.</summary>
internal static class OurMeasurements
{
    private static readonly DhtRunOptions s_dht = new() { Nodes = 10_000 };

    /// <summary>Durable sends by one caller, each awaited: <see cref="Metric.Rate"/>.</summary>
    public const string SendOneAtATime = "send, one at a time";

    /// <summary>Durable sends with 256 outstanding: <see cref="Metric.Rate"/>.</summary>
    public const string Send256InFlight = "send, 256 in flight";

    /// <summary>Entries that arrive singly, every signature checked, until durable: <see cref="Metric.Rate"/>.</summary>
    public const string LiveIngest = "live ingest";

    /// <summary>A whole history to a fresh node in another process over TCP, until durable there: <see cref="Metric.Rate"/>, <see cref="Metric.WireBytes"/>.</summary>
    public const string BulkHistory = "bulk history";

    /// <summary>A link between nodes that have the same: <see cref="Metric.Bytes"/>, <see cref="Metric.RoundTrips"/>.</summary>
    public const string SyncOfEquals = "sync of equal replicas";

    /// <summary>From the call to the event at the other node, durable at both: <see cref="Metric.P50"/>, <see cref="Metric.P99"/>.</summary>
    public const string SendToEvent = "send to event";

    /// <summary>Opening a node whose store holds 1,000,000 entries: <see cref="Metric.Seconds"/>, <see cref="Metric.Megabytes"/>.</summary>
    public const string OpenMillion = "open 1,000,000 entries";

    /// <summary>A page of 50 messages out of 1,000,000: <see cref="Metric.P50"/>.</summary>
    public const string PageOfMillion = "page of 50 out of 1,000,000";

    /// <summary>A backlog of 250 MB in the only group that two nodes share: <see cref="Metric.Seconds"/>, <see cref="Metric.Megabytes"/>.</summary>
    public const string BacklogOfOne = "backlog in one conversation";

    /// <summary>The same in 50 of 2,000 groups: <see cref="Metric.Seconds"/>, <see cref="Metric.Megabytes"/>.</summary>
    public const string BacklogOfMany = "backlog in 50 of 2,000 conversations";

    /// <summary>100,000 messages of one conversation from <c>/v1/events</c>: <see cref="Metric.Rate"/>.</summary>
    public const string EventsOfOne = "events of one conversation";

    /// <summary>The same of 1,000 conversations: <see cref="Metric.Rate"/>.</summary>
    public const string EventsOfMany = "events of 1,000 conversations";

    /// <summary>50 real nodes' DHT on loopback: <see cref="Metric.FindP50"/> and the like, and lookups at once as <see cref="Metric.Rate"/>.</summary>
    public const string LoopbackDht = "DHT of 50 real nodes";

    /// <summary>A node with 200 linked contacts of whom nobody says anything: <see cref="Metric.CorePercent"/>, <see cref="Metric.BytesPerSecond"/>.</summary>
    public const string IdleNode = "idle node with 200 contacts";

    /// <summary>Six hours of virtual time of a node whose 200 contacts are all away: <see cref="Metric.BytesPerSecond"/>.</summary>
    public const string AbsentContacts = "node whose 200 contacts are away";

    /// <summary>Ten minutes of a node that all adversaries attack at once: <see cref="Metric.Seconds"/> of a contact's longest link, <see cref="Metric.P99"/> of sends, <see cref="Metric.Megabytes"/>.</summary>
    public const string UnderAttack = "node under attack";

    /// <summary>The simulator's kernel without any engine: <see cref="Metric.Rate"/>.</summary>
    public const string BareEvents = "simulated events, bare";

    /// <summary>Five nodes for 60 virtual seconds, a process on each core: <see cref="Metric.Rate"/>, <see cref="Metric.EventRate"/>.</summary>
    public const string SimulatedRuns = "simulated runs of five nodes";

    /// <summary>1,000 nodes for 60 virtual seconds: <see cref="Metric.Seconds"/>.</summary>
    public const string ThousandNodes = "1,000 simulated nodes";

    /// <summary>Lookups among 10,000 simulated nodes: <see cref="Metric.Hops"/>, <see cref="Metric.Queries"/>, <see cref="Metric.Found"/>.</summary>
    public const string Dht = "10,000 nodes of the DHT";

    /// <summary>The same with 30% dead: <see cref="Metric.Found"/>.</summary>
    public const string DhtDead30 = "10,000 nodes of the DHT, 30% dead";

    /// <summary>The same with 50% dead: <see cref="Metric.Found"/>.</summary>
    public const string DhtDead50 = "10,000 nodes of the DHT, 50% dead";

    /// <summary>The same with 20% hostile, over four paths: <see cref="Metric.Found"/>.</summary>
    public const string DhtHostile20 = "10,000 nodes of the DHT, 20% hostile";

    /// <summary>The same with 50% hostile, over four paths: <see cref="Metric.Found"/>.</summary>
    public const string DhtHostile50 = "10,000 nodes of the DHT, 50% hostile";

    public static IEnumerable<IMeasurement> All
    {
        get
        {
            var million = LargeStore.Of(1_000_000);
            return
            [
                new SendRate(SendOneAtATime, inFlight: 1, messages: 5_000, Nodes.OpenDirectWithStrangerAsync),
                new SendRate(Send256InFlight, inFlight: 256, messages: 40_000, Nodes.OpenDirectWithStrangerAsync),
                new LiveIngest(),
                new BulkHistory(),
                new SyncOfEquals(),
                new SendToEvent(),
                new StoreOpening(OpenMillion, million, Metric.Seconds, Metric.Megabytes),
                new StoreOpening(PageOfMillion, million, Metric.P50),
                new Backlog(BacklogOfOne, groups: 1, lagging: 1),
                new Backlog(BacklogOfMany, groups: 2_000, lagging: 50),
                new EventsOfAll(EventsOfOne, 1),
                new EventsOfAll(EventsOfMany, 1_000),
                new LoopbackDht(),
                new IdleNode(),
                new AbsentContacts(),
                new UnderAttack(),
                new BareEvents(),
                new SimulatedRuns(),
                new SimulatedNodes(ThousandNodes, 1_000),
                new MeasuredDht(Dht, s_dht),
                new MeasuredDht(DhtDead30, s_dht with { Dead = 0.3 }),
                new MeasuredDht(DhtDead50, s_dht with { Dead = 0.5 }),
                new MeasuredDht(DhtHostile20, s_dht with { Hostile = 0.2 }),
                new MeasuredDht(DhtHostile50, s_dht with { Hostile = 0.5 }),
            ];
        }
    }
}
