using System.Diagnostics;
using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>How many messages a second one node makes durable, in a conversation with people who are away.</summary>
/// <param name="name">What rows call it by.</param>
/// <param name="inFlight">How many sends are outstanding.</param>
/// <param name="messages">How many are timed.</param>
/// <param name="open">Opens the conversation.</param>
internal sealed class SendRate(string name, int inFlight, int messages, Func<HiNetNode, Task<IConversation>> open) : IMeasurement
{
    public string Name => name;

    public string? Unavailable => null;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Workspace.CreateFolder("send");
        try
        {
            await using var node = await Nodes.StartAsync(folder);
            var conversation = await open(node);
            var texts = Nodes.CreateTexts(messages);
            // As long again first, so that what is timed is compiled in full: a node lives for days.
            await Nodes.SendAllAsync(conversation, Nodes.CreateTexts(messages), inFlight, cancellationToken);

            var started = Stopwatch.GetTimestamp();
            await Nodes.SendAllAsync(conversation, texts, inFlight, cancellationToken);
            return new Dictionary<string, double> { [Metric.Rate] = messages / Stopwatch.GetElapsedTime(started).TotalSeconds };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
