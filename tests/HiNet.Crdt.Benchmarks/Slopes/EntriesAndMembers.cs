using HiNet.Crdt.Benchmarks.Framework;
using HiNet.Crdt.Benchmarks.Ours;
using HiNet.Crdt.Benchmarks.Ours.Simulator;
using HiNet.Crdt.Simulation.Dht;

namespace HiNet.Crdt.Benchmarks.Slopes;

/// <summary>What is measured at several sizes, on demand because it takes minutes: <c>--only slopes</c>.</summary>
internal static class EntriesAndMembers
{
    public const string Verb = "slopes";

    private const int InFlight = 256;
    private static readonly int[] EntryCounts = [10_000, 100_000, 1_000_000];
    private static readonly int[] MemberCounts = [2, 10, 100];
    private static readonly int[] NodeCounts = [10, 100, 1_000];
    private static readonly int[] DhtSizes = [100, 1_000, 10_000, 100_000];
    private static readonly int[] SessionMinutes = [5, 15, 60];

    public static IReadOnlyList<Slope> Slopes { get; } =
    [
        new("slopes-send", "Durable send, 256 in flight", "entries", "messages/s", [.. EntryCounts.Select(n => (n, new Metric(Sending(n), Metric.Rate)))]),
        new("slopes-page", "A page of 50 messages", "entries", "ms", [.. EntryCounts.Select(n => (n, new Metric(Opening(n), Metric.P50)))]),
        new("slopes-open", "Opening the store", "entries", "s", [.. EntryCounts.Select(n => (n, new Metric(Opening(n), Metric.Seconds)))]),
        new("slopes-memory", "Memory with the store open", "entries", "MB", [.. EntryCounts.Select(n => (n, new Metric(Opening(n), Metric.Megabytes)))]),
        new("slopes-members", "Durable send, 256 in flight", "members", "messages/s", [.. MemberCounts.Select(n => (n, new Metric(SendingAmong(n), Metric.Rate)))]),
        new("slopes-nodes", "60 virtual seconds", "simulated nodes", "s", [.. NodeCounts.Select(n => (n, new Metric(Simulating(n), Metric.Seconds)))]),
        Dht("hops", "Hops of a lookup in the DHT", "hops", Metric.Hops),
        Dht("queries", "Queries of a lookup in the DHT", "queries", Metric.Queries),
        Churn("found", "Nodes found, 500 nodes of the DHT that come and go", "%", Metric.NodesFound),
        Churn("records", "Records found, 500 nodes of the DHT that come and go", "%", Metric.RecordsFound),
        Churn("latency", "Lookup, 500 nodes of the DHT that come and go", "virtual ms", Metric.VirtualMilliseconds),
        Churn("bytes", "Sent by each of 500 nodes of the DHT that come and go", "bytes/minute", Metric.BytesPerNodeMinute),
    ];

    public static IEnumerable<IMeasurement> Measurements =>
    [
        .. EntryCounts.Select(n => new StoreOpening(Opening(n), LargeStore.Of(n), Metric.Seconds, Metric.Megabytes, Metric.P50)),
        .. EntryCounts.Select(n => new SendToLarge(Sending(n), LargeStore.Of(n), InFlight)),
        .. MemberCounts.Select(n => new SendRate(SendingAmong(n), InFlight, messages: 20_000, node => Nodes.CreateGroupOfStrangersAsync(node, n))),
        .. NodeCounts.Select(n => new SimulatedNodes(Simulating(n), n)),
        .. DhtSizes.Select(n => new MeasuredDht(LookingUpAmong(n), new DhtRunOptions { Nodes = n })),
        .. SessionMinutes.Select(n => new MeasuredDht(ComingAndGoing(n), new DhtRunOptions { Nodes = 500, Session = TimeSpan.FromMinutes(n), Lookups = 500 })),
    ];

    private static Slope Dht(string id, string title, string unit, string figure) =>
        new($"slopes-dht-{id}", title, "nodes", unit, [.. DhtSizes.Select(n => (n, new Metric(LookingUpAmong(n), figure)))]);

    private static Slope Churn(string id, string title, string unit, string figure) =>
        new($"slopes-dht-churn-{id}", title, "minutes of session", unit, [.. SessionMinutes.Select(n => (n, new Metric(ComingAndGoing(n), figure)))]);

    private static string LookingUpAmong(int nodes) => $"look up among {nodes} nodes of the DHT";

    private static string ComingAndGoing(int minutes) => $"500 nodes of the DHT, sessions of {minutes} minutes";

    private static string Opening(int entries) => $"open {entries} entries and read";

    private static string Sending(int entries) => $"send on {entries} entries";

    private static string Simulating(int nodes) => $"simulate {nodes} nodes";

    private static string SendingAmong(int members) => $"send among {members} members";
}
