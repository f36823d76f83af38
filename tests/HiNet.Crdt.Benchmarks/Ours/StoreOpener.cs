using System.Diagnostics;
using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>The opening process: from the call of StartAsync until the node is there, then pages at places spread over the conversation.</summary>
internal static class StoreOpener
{
    public const string Work = "open";

    private const int Pages = 200;
    private const int PageSize = 50;

    /// <param name="arguments">The folder of the store.</param>
    public static async Task<Dictionary<string, double>> RunAsync(string[] arguments)
    {
        var samples = (await File.ReadAllLinesAsync(arguments[0] + LargeStore.Samples)).Select(line => EntryId.TryParse(line, out var id) ? id : throw new MeasurementException("a sample is no id")).ToArray();
        var started = Stopwatch.GetTimestamp();
        await using var node = await Nodes.StartAsync(arguments[0]);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var conversation = node.Conversations[0];

        // The newest page is the one that a person sees; with it the node's memory is what it takes to show a conversation.
        conversation.ReadPage(PageSize);
        var megabytes = Environment.WorkingSet / 1e6;
        return new()
        {
            [Metric.Seconds] = seconds,
            [Metric.Megabytes] = megabytes,
            [Metric.P50] = Percentiles.Of(ReadPages(conversation, samples), 0.5),
        };
    }

    private static List<double> ReadPages(IConversation conversation, EntryId[] samples)
    {
        // Seeded: the same places in every run.
        var random = new Random(1);
        var milliseconds = new List<double>(Pages);
        for (var i = 0; i < Pages; i++)
        {
            var before = samples[random.Next(1, samples.Length)];
            var started = Stopwatch.GetTimestamp();
            var page = conversation.ReadPage(PageSize, before);
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (page.Count == 0 || page.Any(message => message.Text is not { Length: Nodes.TextLength }))
            {
                throw new MeasurementException("a page lacks messages or texts");
            }
        }

        return milliseconds;
    }
}
