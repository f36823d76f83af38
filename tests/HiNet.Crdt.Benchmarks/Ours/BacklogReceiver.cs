using System.Diagnostics;
using System.Globalization;
using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>The process that has been away: from dialling until the last entry of all its groups is durable here.</summary>
internal static class BacklogReceiver
{
    public const string Work = "catch-up";

    /// <param name="arguments">The folder of a node, the address of the other one, and a file that says how many entries there are in each group.</param>
    public static async Task<Dictionary<string, double>> RunAsync(string[] arguments)
    {
        await using var node = await Nodes.StartAsync(arguments[0]);
        var expected = File.ReadLines(arguments[2]).Select(line => line.Split(' ')).ToDictionary(
            words => words[0], words => long.Parse(words[1], CultureInfo.InvariantCulture));
        var lacking = new Queue<IConversation>(node.Conversations.Where(conversation => conversation.Kind == ConversationKind.Group));

        var started = Stopwatch.GetTimestamp();
        await node.LinkAsync(arguments[1]);

        // One group after the other, since to look at all two thousand again and again would be most of what is measured.
        while (lacking.TryDequeue(out var group))
        {
            Waiting.Until(() => group.GetStatus().Entries >= expected[group.Id.ToString()], "catching up", TimeSpan.FromMilliseconds(20), default);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        using var self = Process.GetCurrentProcess();
        return new() { [Metric.Seconds] = seconds, [Metric.Megabytes] = self.PeakWorkingSet64 / 1e6 };
    }
}
