using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using HiNet.Crdt.Core.Engine;

namespace HiNet.Crdt.Diagnostics;

/// <summary>
/// The meter <c>HiNet.Crdt</c>. Names and units follow OpenTelemetry's conventions: seconds, <c>By</c> for bytes, and braces
/// around what is counted. <c>docs/internals/driver.md</c> lists them.
/// </summary>
internal static class NodeMetrics
{
    internal const string Name = "HiNet.Crdt";

    private static readonly Meter Source = new(Name);
    private static readonly ConcurrentDictionary<string, Counter<long>> Counters = new(StringComparer.Ordinal);

    internal static readonly Histogram<double> CommandDuration =
        Source.CreateHistogram<double>("hinet.command.duration", "s", "From the call of an operation until its result, durability included.");

    internal static readonly Histogram<double> StoreWriteDuration =
        Source.CreateHistogram<double>("hinet.store.write.duration", "s", "One synced write of a batch.");

    internal static readonly Histogram<long> StoreWriteSize =
        Source.CreateHistogram<long>("hinet.store.write.size", "By", "Keys and values in one batch.");

    internal static readonly Counter<long> Signatures =
        Source.CreateCounter<long>("hinet.signature.checks", "{signature}", "Signatures checked.");

    internal static readonly Counter<long> LinkBytes =
        Source.CreateCounter<long>("hinet.link.io", "By", "Bytes on links, encryption included, by direction.");

    internal static readonly Counter<long> DatagramBytes =
        Source.CreateCounter<long>("hinet.datagram.io", "By", "Bytes in datagrams of the DHT, by direction.");

    internal static readonly UpDownCounter<long> Links =
        Source.CreateUpDownCounter<long>("hinet.link.open", "{link}", "Streams to other nodes, authenticated or not yet.");

    internal static readonly Counter<long> Events =
        Source.CreateCounter<long>("hinet.event.deliveries", "{event}", "Events handed to observers.");

    private static readonly KeyValuePair<string, object?> Received = new("network.io.direction", "receive");
    private static readonly KeyValuePair<string, object?> Sent = new("network.io.direction", "transmit");

    internal static void RecordCommand(NodeCommand operation, TimeSpan duration, bool succeeded) =>
        CommandDuration.Record(
            duration.TotalSeconds,
            new KeyValuePair<string, object?>("hinet.command", NodeActivities.NameOf(operation)),
            new KeyValuePair<string, object?>("hinet.outcome", succeeded ? "done" : "failed"));

    internal static void CountReceived(int bytes) => LinkBytes.Add(bytes, Received);

    internal static void CountSent(int bytes) => LinkBytes.Add(bytes, Sent);

    internal static void CountDatagramReceived(int bytes) => DatagramBytes.Add(bytes, Received);

    internal static void CountDatagramSent(int bytes) => DatagramBytes.Add(bytes, Sent);

    /// <summary>Counts what the machine counts; its instruments come to be with their first count.</summary>
    internal static void Count(string instrument, long amount) =>
        Counters.GetOrAdd(instrument, static name => Source.CreateCounter<long>(name)).Add(amount);
}
