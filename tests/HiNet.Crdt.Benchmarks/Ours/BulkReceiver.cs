using System.Diagnostics;
using System.Globalization;
using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>The receiving process: from dialling until the last entry is durable here.</summary>
internal static class BulkReceiver
{
    public const string Work = "receive";

    /// <param name="arguments">The folder of a node that has one contact, the contact's address, and how many entries there are.</param>
    public static async Task<Dictionary<string, double>> RunAsync(string[] arguments)
    {
        var entries = long.Parse(arguments[2], CultureInfo.InvariantCulture);
        using var traffic = new LinkTraffic();
        await using var node = await Nodes.StartAsync(arguments[0]);
        var conversation = await node.OpenDirectAsync(node.Contacts[0].Id);

        var started = Stopwatch.GetTimestamp();
        await node.LinkAsync(arguments[1]);
        Waiting.Until(() => conversation.GetStatus().Entries >= entries, "copying the history", default);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;

        var bytes = traffic.Bytes;
        var last = conversation.ReadPage(1);
        return last is [{ Text.Length: Nodes.TextLength }]
            ? new() { [Metric.Rate] = entries / seconds, [Metric.WireBytes] = bytes / (double)entries }
            : throw new MeasurementException("the copied history cannot be read");
    }
}
