using System.Globalization;
using System.Text;
using HiNet.Crdt.Simulation.Adversaries;
using HiNet.Crdt.Simulation.Network;

namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>
/// Writes scenarios as JSON that <see cref="ScenarioReader"/> reads back: one line for each operation and fault, fields that say
/// nothing left out. Times are kept to the microsecond and clock skews to the millisecond, which is as finely as worlds look at them.
/// </summary>
public static class ScenarioWriter
{
    /// <summary>The scenario as one JSON object, ending in a line feed.</summary>
    public static string Write(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var text = new StringBuilder();
        Append(text, scenario, string.Empty);
        return text.Append('\n').ToString();
    }

    internal static void Append(StringBuilder text, Scenario scenario, string indent)
    {
        List<string> fields =
        [
            $"\"nodes\": {scenario.Nodes}, \"duration\": {JsonText.Time(scenario.Duration)}",
            $"\"network\": {Network(scenario.Network)}",
        ];
        if (scenario.ClockSkew > TimeSpan.Zero)
        {
            fields.Add($"\"clockSkewMs\": {JsonText.Number((long)scenario.ClockSkew.TotalMilliseconds)}");
        }

        if (scenario.Workload is { } workload)
        {
            fields.Add($"\"workload\": {{ \"messagesPerSecond\": {JsonText.Number(workload.MessagesPerSecond)}, \"conversations\": {workload.Conversations} }}");
        }

        AddList(fields, "faults", scenario.Faults.Select(Fault), indent);
        AddList(fields, "adversaries", scenario.Adversaries.Select(Adversary), indent);
        AddList(fields, "operations", scenario.Operations.Select(Operation), indent);
        if (scenario.AttacksGoOn)
        {
            fields.Add("\"attacksGoOn\": true");
        }

        if (scenario.Bounds.Count > 0)
        {
            var bounds = scenario.Bounds.OrderBy(bound => bound.Key, StringComparer.Ordinal).Select(bound => $"{JsonText.Quote(bound.Key)}: {bound.Value}");
            fields.Add($"\"bounds\": {{ {string.Join(", ", bounds)} }}");
        }

        if (scenario.Decide)
        {
            fields.Add("\"decide\": true");
        }

        if (scenario.Dht)
        {
            fields.Add("\"dht\": true");
        }

        if (scenario.DhtBucket != Scenario.MostInBucket)
        {
            fields.Add($"\"dhtBucket\": {scenario.DhtBucket}");
        }

        if (scenario.RealCryptography)
        {
            fields.Add("\"realCryptography\": true");
        }

        text.Append("{\n");
        text.AppendJoin(",\n", fields.Select(field => $"{indent}  {field}"));
        text.Append('\n').Append(indent).Append('}');
    }

    private static void AddList(List<string> fields, string name, IEnumerable<string> items, string indent)
    {
        var lines = string.Join(",\n", items.Select(item => $"{indent}    {item}"));
        if (lines.Length > 0)
        {
            fields.Add($"\"{name}\": [\n{lines}\n{indent}  ]");
        }
    }

    private static string Network(NetworkOptions network)
    {
        var defaults = new NetworkOptions();
        List<string> fields = [$"\"latencyMs\": [{Milliseconds(network.MinimumLatency)}, {Milliseconds(network.MaximumLatency)}]"];
        Add("loss", network.Loss, defaults.Loss);
        Add("duplicate", network.Duplicate, defaults.Duplicate);
        Add("reorder", network.Reorder, defaults.Reorder);
        Add("split", network.Split, defaults.Split);
        Add("reset", network.Reset, defaults.Reset);
        Add("bytesPerSecond", network.BytesPerSecond, defaults.BytesPerSecond);
        Add("linkBufferBytes", network.LinkBufferBytes, defaults.LinkBufferBytes);
        AddTime("stallTimeout", network.StallTimeout, defaults.StallTimeout);
        AddTime("dialTimeout", network.DialTimeout, defaults.DialTimeout);
        return $"{{ {string.Join(", ", fields)} }}";

        void Add(string name, double value, double otherwise)
        {
            if (value != otherwise)
            {
                fields.Add($"\"{name}\": {JsonText.Number(value)}");
            }
        }

        void AddTime(string name, TimeSpan value, TimeSpan otherwise)
        {
            if (value != otherwise)
            {
                fields.Add($"\"{name}\": {JsonText.Time(value)}");
            }
        }
    }

    private static string Milliseconds(TimeSpan time) => (time.Ticks / TimeSpan.TicksPerMicrosecond / 1000m).ToString("0.###", CultureInfo.InvariantCulture);

    private static string Adversary(Adversary adversary) => $"{{ \"node\": {adversary.Node}, \"kind\": \"{AdversaryNames.Of(adversary.Kind)}\" }}";

    private static string Fault(Fault fault) => $"{{ \"at\": {JsonText.Time(fault.At)}, {What(fault)} }}";

    private static string What(Fault fault) => fault.Kind switch
    {
        FaultKind.Partition => $"\"partition\": [{string.Join(", ", fault.Groups.Select(JsonText.Nodes))}]",
        FaultKind.Heal => "\"heal\": true",
        FaultKind.Crash when fault.Effect is { } effect => $"\"crash\": {fault.Node}, \"effect\": {effect}",
        FaultKind.Suspend when fault.ClockStops => $"\"suspend\": {fault.Node}, \"clockStops\": true",
        FaultKind.Cut or FaultKind.Clog => $"\"{NameOf(fault.Kind)}\": {{ \"from\": {fault.Node}, \"to\": {fault.To} }}",
        FaultKind.StepClock => $"\"stepClock\": {{ \"node\": {fault.Node}, \"ms\": {JsonText.Number((long)fault.By.TotalMilliseconds)} }}",
        _ => $"\"{NameOf(fault.Kind)}\": {fault.Node}",
    };

    private static string NameOf(FaultKind kind)
    {
        var name = kind.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static void AddUnless(StringBuilder text, string name, int value, int otherwise)
    {
        if (value != otherwise)
        {
            text.Append(CultureInfo.InvariantCulture, $", \"{name}\": {value}");
        }
    }

    private static string Operation(Operation operation)
    {
        var text = new StringBuilder($"{{ \"at\": {JsonText.Time(operation.At)}, \"node\": {operation.Node}, \"do\": \"{operation.Do.ToString().ToLowerInvariant()}\"");
        if (operation.Do is OperationKind.Meet or OperationKind.Direct or OperationKind.Add || operation.Member != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $", \"member\": {operation.Member}");
        }

        if (operation.Members.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $", \"members\": {JsonText.Nodes(operation.Members)}");
        }

        if (operation.Conversation != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $", \"conversation\": {operation.Conversation}");
        }

        if (operation.Text is { } words)
        {
            text.Append(CultureInfo.InvariantCulture, $", \"text\": {JsonText.Quote(words)}");
        }

        if (operation.Bytes is { } bytes)
        {
            text.Append(CultureInfo.InvariantCulture, $", \"bytes\": {bytes}");
        }

        AddUnless(text, "times", operation.Times, 1);
        AddUnless(text, "invite", operation.Invite, 0);
        AddUnless(text, "uses", operation.Uses, 1);
        if (operation.IsAfterwards)
        {
            text.Append(", \"afterwards\": true");
        }

        text.Append(CultureInfo.InvariantCulture, $", \"pick\": {operation.Pick}");
        return text.Append(operation.IsDrawn ? ", \"drawn\": true }" : " }").ToString();
    }
}
