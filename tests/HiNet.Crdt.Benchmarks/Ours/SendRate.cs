using System.Diagnostics;
using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>How many messages a second one node makes durable, in a direct conversation with someone who is away.</summary>
/// <param name="name">What rows call it by.</param>
/// <param name="inFlight">How many sends are outstanding.</param>
/// <param name="messages">How many are timed.</param>
internal sealed class SendRate(string name, int inFlight, int messages) : IMeasurement
{
    public string Name => name;

    public string? Unavailable => null;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Workspace.CreateFolder("send");
        try
        {
            await using var node = await Nodes.StartAsync(folder);
            var conversation = await Nodes.OpenDirectWithStrangerAsync(node);
            var texts = Nodes.CreateTexts(messages);
            await Nodes.SendAllAsync(conversation, Nodes.CreateTexts(messages / 10), inFlight, cancellationToken);

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
