using HiNet.Crdt.Benchmarks.External;
using HiNet.Crdt.Benchmarks.Framework;
using HiNet.Crdt.Benchmarks.Limits;
using HiNet.Crdt.Benchmarks.Ours;

namespace HiNet.Crdt.Benchmarks;

/// <summary>The rows of the report. Ratios are against a peer or a limit of the machine in the same session, because figures alone move with the machine.</summary>
internal static class FirstBar
{
    public static IReadOnlyList<Row> Rows { get; } =
    [
        new()
        {
            Id = "send-one", Title = "Durable send, one at a time, against one synced RocksDB write", Unit = "messages/s",
            Ours = new(OurMeasurements.SendOneAtATime, Metric.Rate), Reference = new(MachineLimits.SyncedWrite, Metric.Rate),
            Bar = Bar.AtLeast(0.7), Goal = Bar.AtLeast(0.9),
        },
        new()
        {
            Id = "send-256", Title = "Durable send, 256 in flight, against signatures on one core", Unit = "messages/s",
            Ours = new(OurMeasurements.Send256InFlight, Metric.Rate), Reference = new(MachineLimits.SignOneCore, Metric.Rate),
            Bar = Bar.AtLeast(0.6), Goal = Bar.AtLeast(2),
        },
        new()
        {
            Id = "live-ingest", Title = "Live ingest, durable, against verifications on all cores", Unit = "entries/s",
            Ours = new(OurMeasurements.LiveIngest, Metric.Rate), Reference = new(MachineLimits.VerifyAllCores, Metric.Rate),
            Bar = Bar.AtLeast(0.6), Goal = Bar.AtLeast(0.85),
        },
        new()
        {
            Id = "bulk-hypercore", Title = "Bulk history to a fresh peer, two processes, against hypercore", Unit = "entries/s",
            Ours = new(OurMeasurements.BulkHistory, Metric.Rate), Reference = new(Peers.HypercoreReplicate, Metric.Rate),
            Bar = Bar.AtLeast(6), Goal = Bar.AtLeast(15),
        },
        new()
        {
            Id = "wire-bytes", Title = "Bytes on the wire for an entry of 200 characters, against hypercore", Unit = "bytes/entry",
            Ours = new(OurMeasurements.BulkHistory, Metric.WireBytes), Reference = new(Peers.HypercoreReplicate, Metric.WireBytes),
            Bar = Bar.AtMost(1.0), Goal = Bar.AtMost(0.8),
        },
        new()
        {
            Id = "sync-equal-bytes", Title = "Sync of equal replicas", Unit = "bytes",
            Ours = new(OurMeasurements.SyncOfEquals, Metric.Bytes), Bar = Bar.AtMost(100), Goal = Bar.AtMost(64),
        },
        new()
        {
            Id = "sync-equal-round-trips", Title = "Sync of equal replicas", Unit = "round trips",
            Ours = new(OurMeasurements.SyncOfEquals, Metric.RoundTrips), Bar = Bar.AtMost(1),
        },
        new()
        {
            Id = "latency-p50", Title = "Send to event at the other node, median", Unit = "ms",
            Ours = new(OurMeasurements.SendToEvent, Metric.P50), Bar = Bar.AtMost(3), Goal = Bar.AtMost(1),
        },
        new()
        {
            Id = "latency-p99", Title = "Send to event at the other node, 99th percentile", Unit = "ms",
            Ours = new(OurMeasurements.SendToEvent, Metric.P99), Bar = Bar.AtMost(20), Goal = Bar.AtMost(5),
        },
        new()
        {
            Id = "open-time", Title = "Opening a store of 1,000,000 entries", Unit = "s",
            Ours = new(OurMeasurements.OpenMillion, Metric.Seconds), Bar = Bar.AtMost(2), Goal = Bar.AtMost(0.3),
        },
        new()
        {
            Id = "open-memory", Title = "Memory with a store of 1,000,000 entries open", Unit = "MB",
            Ours = new(OurMeasurements.OpenMillion, Metric.Megabytes), Bar = Bar.AtMost(300), Goal = Bar.AtMost(100),
        },
        new()
        {
            Id = "page", Title = "A page of 50 messages out of 1,000,000", Unit = "ms",
            Ours = new(OurMeasurements.PageOfMillion, Metric.P50), Bar = Bar.AtMost(5), Goal = Bar.AtMost(1),
        },
        new()
        {
            Id = "backlog-many", Title = "A backlog of 250 MB in 50 of 2,000 conversations, against the same in one", Unit = "s",
            Ours = new(OurMeasurements.BacklogOfMany, Metric.Seconds), Reference = new(OurMeasurements.BacklogOfOne, Metric.Seconds),
            Bar = Bar.AtMost(1.5),
        },
        new()
        {
            Id = "backlog-memory", Title = "Memory of the node that catches up in 50 of 2,000 conversations, at most", Unit = "MB",
            Ours = new(OurMeasurements.BacklogOfMany, Metric.Megabytes), Bar = Bar.AtMost(150),
        },
        new()
        {
            Id = "events-many", Title = "100,000 messages from /v1/events over 1,000 conversations, against one", Unit = "events/s",
            Ours = new(OurMeasurements.EventsOfMany, Metric.Rate), Reference = new(OurMeasurements.EventsOfOne, Metric.Rate),
            Bar = Bar.AtLeast(0.5),
        },
        BesideHyperDht("find-p50", "find-node, median", Metric.FindP50) with { Bar = Bar.AtMost(0.7), Goal = Bar.AtMost(0.4) },
        BesideHyperDht("find-p99", "find-node, 99th percentile", Metric.FindP99),
        BesideHyperDht("put-p50", "put, median", Metric.PutP50),
        BesideHyperDht("put-p99", "put, 99th percentile", Metric.PutP99),
        BesideHyperDht("get-p50", "get, median", Metric.GetP50),
        BesideHyperDht("get-p99", "get, 99th percentile", Metric.GetP99),
        BesideHyperDht("rate", "32 lookups at once", Metric.Rate, "lookups/s") with { Bar = Bar.AtLeast(5), Goal = Bar.AtLeast(15) },
        new()
        {
            Id = "idle-core", Title = "A node with 200 linked contacts, idle: processor", Unit = "% of a core",
            Ours = new(OurMeasurements.IdleNode, Metric.CorePercent), Bar = Bar.AtMost(1),
        },
        new()
        {
            Id = "idle-bytes", Title = "A node with 200 linked contacts, idle: links and datagrams, both directions", Unit = "bytes/s",
            Ours = new(OurMeasurements.IdleNode, Metric.BytesPerSecond), Bar = Bar.AtMost(2_000),
        },
        new()
        {
            Id = "idle-absent", Title = "What 200 contacts who are away cost the DHT, after two hours, simulated, both directions", Unit = "bytes/s",
            Ours = new(OurMeasurements.AbsentContacts, Metric.BytesPerSecond), Bar = Bar.AtMost(2_000),
        },
        new()
        {
            Id = "under-attack-link", Title = "Ten minutes under attack: until a contact's message is applied, at most", Unit = "s",
            Ours = new(OurMeasurements.UnderAttack, Metric.Seconds), Bar = Bar.AtMost(10),
        },
        new()
        {
            Id = "under-attack-send", Title = "Ten minutes under attack: durable send, 99th percentile", Unit = "ms",
            Ours = new(OurMeasurements.UnderAttack, Metric.P99), Bar = Bar.AtMost(100),
        },
        new()
        {
            Id = "under-attack-memory", Title = "Ten minutes under attack: memory, at most", Unit = "MB",
            Ours = new(OurMeasurements.UnderAttack, Metric.Megabytes), Bar = Bar.AtMost(300),
        },
        new()
        {
            Id = "simulator-bare", Title = "Simulator without the engine, one core", Unit = "events/s",
            Ours = new(OurMeasurements.BareEvents, Metric.Rate), Bar = Bar.AtLeast(1_000_000), Goal = Bar.AtLeast(3_000_000),
        },
        new()
        {
            Id = "simulator-runs", Title = "Simulated runs of five nodes for 60 virtual seconds, all cores", Unit = "runs/s",
            Ours = new(OurMeasurements.SimulatedRuns, Metric.Rate), Bar = Bar.AtLeast(100),
        },
        new()
        {
            Id = "simulator-events", Title = "Simulated events of the whole engine, all cores", Unit = "events/s",
            Ours = new(OurMeasurements.SimulatedRuns, Metric.EventRate), Bar = Bar.AtLeast(200_000), Goal = Bar.AtLeast(500_000),
        },
        new()
        {
            Id = "simulator-thousand", Title = "1,000 simulated nodes for 60 virtual seconds", Unit = "s",
            Ours = new(OurMeasurements.ThousandNodes, Metric.Seconds), Bar = Bar.AtMost(10),
        },
        new()
        {
            Id = "dht-hops", Title = "Lookup among 10,000 simulated nodes of the DHT, mean", Unit = "hops",
            Ours = new(OurMeasurements.Dht, Metric.Hops), Bar = Bar.AtMost(3.0), Goal = Bar.AtMost(2.7),
        },
        new()
        {
            Id = "dht-queries", Title = "Lookup among 10,000 simulated nodes of the DHT, mean", Unit = "queries",
            Ours = new(OurMeasurements.Dht, Metric.Queries), Bar = Bar.AtMost(36), Goal = Bar.AtMost(28.8),
        },
        new()
        {
            Id = "dht-dead-30", Title = "Found among 10,000 simulated nodes, 30% dead", Unit = "%",
            Ours = new(OurMeasurements.DhtDead30, Metric.Found), Bar = Bar.AtLeast(99.9), Goal = Bar.AtLeast(99.9),
        },
        new()
        {
            Id = "dht-dead-50", Title = "Found among 10,000 simulated nodes, 50% dead", Unit = "%",
            Ours = new(OurMeasurements.DhtDead50, Metric.Found), Bar = Bar.AtLeast(99), Goal = Bar.AtLeast(99.9),
        },
        new()
        {
            Id = "dht-hostile-20", Title = "Found among 10,000 simulated nodes, 20% hostile, four paths", Unit = "%",
            Ours = new(OurMeasurements.DhtHostile20, Metric.Found), Bar = Bar.AtLeast(99), Goal = Bar.AtLeast(99.9),
        },
        new()
        {
            Id = "dht-hostile-50", Title = "Found among 10,000 simulated nodes, 50% hostile, four paths", Unit = "%",
            Ours = new(OurMeasurements.DhtHostile50, Metric.Found), Goal = Bar.AtLeast(99),
        },
        new()
        {
            Id = "append-hypercore", Title = "Durable send, one at a time, beside hypercore's append (not synced)", Unit = "entries/s",
            Ours = new(OurMeasurements.SendOneAtATime, Metric.Rate), Reference = new(Peers.HypercoreAppend, Metric.Rate),
        },
        new()
        {
            Id = "append-orbitdb", Title = "Durable send, one at a time, beside OrbitDB's add", Unit = "entries/s",
            Ours = new(OurMeasurements.SendOneAtATime, Metric.Rate), Reference = new(Peers.OrbitDbAppend, Metric.Rate),
        },
        new()
        {
            Id = "bulk-orbitdb", Title = "Bulk history to a fresh peer, beside OrbitDB", Unit = "entries/s",
            Ours = new(OurMeasurements.BulkHistory, Metric.Rate), Reference = new(Peers.OrbitDbReplicate, Metric.Rate),
        },
    ];

    private static Row BesideHyperDht(string id, string work, string value, string unit = "ms") => new()
    {
        Id = $"dht-{id}",
        Title = $"DHT of 50 real nodes on loopback, {work}, beside hyperdht",
        Unit = unit,
        Ours = new(OurMeasurements.LoopbackDht, value),
        Reference = new(Peers.HyperDht, value),
    };

    /// <summary>Limits that no row is held against, reported beside the rows.</summary>
    public static IReadOnlyList<string> Beside { get; } = [MachineLimits.SyncedBatches];
}
