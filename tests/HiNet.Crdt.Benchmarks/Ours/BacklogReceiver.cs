using System.Diagnostics;
using System.Globalization;
using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>The process that has been away: from dialling until the last entry of all its groups is durable here.</summary>
internal static class BacklogReceiver
{
    public const string Work = "catch-up";

    /// <param name="arguments">The folder of a node, the address of the other one, and how many entries there are in all groups.</param>
    public static async Task<Dictionary<string, double>> RunAsync(string[] arguments)
    {
        var entries = long.Parse(arguments[2], CultureInfo.InvariantCulture);
        await using var node = await Nodes.StartAsync(arguments[0]);
        var groups = node.Conversations.Where(conversation => conversation.Kind == ConversationKind.Group).ToList();

        var started = Stopwatch.GetTimestamp();
        await node.LinkAsync(arguments[1]);

        // Looking at all of two thousand costs milliseconds, so it is not done often.
        Waiting.Until(() => groups.Sum(group => group.GetStatus().Entries) >= entries, "catching up", TimeSpan.FromMilliseconds(100), default);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        using var self = Process.GetCurrentProcess();
        return new() { [Metric.Seconds] = seconds, [Metric.Megabytes] = self.PeakWorkingSet64 / 1e6 };
    }
}
