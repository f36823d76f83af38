using HiNet.Crdt.Simulation.Network;

namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>Reads scenarios from JSON, strictly: what it does not understand is a mistake, said with its line and field. The format is in <c>docs/guide/simulating.md</c>.</summary>
public static partial class ScenarioReader
{
    private const int MaximumNodes = 10_000;

    /// <summary>Reads one scenario.</summary>
    /// <exception cref="ScenarioException">Something in it is not allowed.</exception>
    public static Scenario Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Read(JsonValue.Parse(json));
    }

    internal static Scenario Read(JsonValue root)
    {
        var reader = new ObjectReader(root);
        var nodes = (int)ObjectReader.Whole(
            reader.Require("nodes", $"a number of nodes from 1 to {MaximumNodes}"), 1, MaximumNodes, $"a number of nodes from 1 to {MaximumNodes}");
        var duration = reader.Require("duration", "a time such as \"60s\"");
        var scenario = new Scenario
        {
            Nodes = nodes,
            Duration = ObjectReader.Time(duration),
            Network = reader.Find("network") is { } network ? ReadNetwork(network) : new NetworkOptions(),
            ClockSkew = reader.Find("clockSkewMs") is { } skew
                ? TimeSpan.FromMilliseconds(ObjectReader.Whole(skew, 0, 86_400_000, "milliseconds from 0 to 86,400,000"))
                : TimeSpan.Zero,
            Workload = reader.Find("workload") is { } workload ? ReadWorkload(workload) : null,
            Faults = reader.Find("faults") is { } faults
                ? [.. ObjectReader.Array(faults, "an array of faults").Select(fault => ReadFault(fault, nodes))]
                : [],
            Operations = reader.Find("operations") is { } operations
                ? [.. ObjectReader.Array(operations, "an array of operations").Select((operation, i) => ReadOperation(operation, nodes, i))]
                : [],
            Adversaries = reader.Find("adversaries") is { } adversaries ? ReadAdversaries(adversaries, nodes) : [],
            AttacksGoOn = reader.Find("attacksGoOn") is { } goOn && IsTrue(goOn),
            Bounds = reader.Find("bounds") is { } bounds ? ReadBounds(bounds) : new SortedDictionary<string, int>(StringComparer.Ordinal),
            Decide = reader.Find("decide") is { } decide && IsTrue(decide),
            Dht = reader.Find("dht") is { } dht && IsTrue(dht),
            DhtBucket = reader.Find("dhtBucket") is { } bucket
                ? (int)ObjectReader.Whole(bucket, 1, Scenario.MostInBucket, "a whole number from 1 to 20") : Scenario.MostInBucket,
            RealCryptography = reader.Find("realCryptography") is { } real && IsTrue(real),
        };
        reader.End();
        return scenario.Duration > TimeSpan.Zero ? scenario : throw duration.Problem("the duration is nothing", "a time above 0");
    }

    private static SortedDictionary<string, int> ReadBounds(JsonValue value)
    {
        var reader = new ObjectReader(value);
        SortedDictionary<string, int> bounds = new(StringComparer.Ordinal);
        foreach (var bound in ScenarioBounds.All)
        {
            if (reader.Find(bound.Name) is { } number)
            {
                bounds[bound.Name] = (int)ObjectReader.Whole(number, bound.Least, bound.Usual, $"a whole number from {bound.Least} to {bound.Usual}");
            }
        }

        reader.End();
        return bounds;
    }

    private static bool IsTrue(JsonValue value)
    {
        ObjectReader.True(value);
        return true;
    }

    private static NetworkOptions ReadNetwork(JsonValue value)
    {
        var reader = new ObjectReader(value);
        var options = new NetworkOptions();
        if (reader.Find("latencyMs") is { } latency)
        {
            const string Allowed = "two numbers of milliseconds from 0 to 60,000, the lower one first";
            var bounds = ObjectReader.Array(latency, Allowed);
            if (bounds.Count != 2)
            {
                throw latency.Problem($"these are {bounds.Count} numbers", Allowed);
            }

            var least = ObjectReader.Number(bounds[0], 0, 60_000, Allowed);
            var most = ObjectReader.Number(bounds[1], least, 60_000, Allowed);
            options = options with { MinimumLatency = TimeSpan.FromMicroseconds(least * 1000), MaximumLatency = TimeSpan.FromMicroseconds(most * 1000) };
        }

        options = options with
        {
            Loss = reader.Find("loss") is { } loss ? ObjectReader.Probability(loss) : options.Loss,
            Duplicate = reader.Find("duplicate") is { } duplicate ? ObjectReader.Probability(duplicate) : options.Duplicate,
            Reorder = reader.Find("reorder") is { } reorder ? ObjectReader.Probability(reorder) : options.Reorder,
            Split = reader.Find("split") is { } split ? ObjectReader.Probability(split) : options.Split,
            Reset = reader.Find("reset") is { } reset ? ObjectReader.Probability(reset) : options.Reset,
            StallTimeout = reader.Find("stallTimeout") is { } stall ? ObjectReader.Time(stall) : options.StallTimeout,
            DialTimeout = reader.Find("dialTimeout") is { } dial ? ObjectReader.Time(dial) : options.DialTimeout,
            BytesPerSecond = reader.Find("bytesPerSecond") is { } bytes
                ? ObjectReader.Whole(bytes, 1_000, long.MaxValue / 10_000_000, "a whole number from 1,000") : options.BytesPerSecond,
            LinkBufferBytes = reader.Find("linkBufferBytes") is { } buffer
                ? ObjectReader.Whole(buffer, 16_384, 1L << 30, "a whole number from 16,384 to 1,073,741,824") : options.LinkBufferBytes,
        };
        reader.End();
        return options;
    }

    private static WorkloadOptions ReadWorkload(JsonValue value)
    {
        var reader = new ObjectReader(value);
        var options = new WorkloadOptions
        {
            MessagesPerSecond = reader.Find("messagesPerSecond") is { } messages
                ? ObjectReader.Number(messages, 0, 10_000, "a number from 0 to 10,000") : 1,
            Conversations = reader.Find("conversations") is { } conversations
                ? (int)ObjectReader.Whole(conversations, 1, 1_000, "a whole number from 1 to 1,000") : 1,
        };
        reader.End();
        return options;
    }
}
