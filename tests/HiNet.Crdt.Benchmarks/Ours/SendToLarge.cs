using System.Diagnostics;
using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>How many messages a second a node makes durable whose conversation is long already.</summary>
/// <param name="name">What rows call it by.</param>
/// <param name="store">The store with the conversation; each run leaves it 5,000 messages longer.</param>
/// <param name="inFlight">How many sends are outstanding.</param>
internal sealed class SendToLarge(string name, LargeStore store, int inFlight) : IMeasurement
{
    private const int WarmUp = 1_000;
    private const int Messages = 4_000;

    private static bool _isCompiled;

    public string Name => name;

    public string? Unavailable => null;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        if (!_isCompiled)
        {
            // What is compiled on the way would otherwise be paid by whichever size comes first.
            await new SendRate(Name, inFlight, messages: 40_000, Nodes.OpenDirectWithStrangerAsync).RunAsync(cancellationToken);
            _isCompiled = true;
        }

        await using var node = await Nodes.StartAsync(await store.GetFolderAsync(cancellationToken));
        var conversation = node.Conversations[0];
        await Nodes.SendAllAsync(conversation, Nodes.CreateTexts(WarmUp), inFlight, cancellationToken);
        var texts = Nodes.CreateTexts(Messages);
        var started = Stopwatch.GetTimestamp();
        await Nodes.SendAllAsync(conversation, texts, inFlight, cancellationToken);
        return new Dictionary<string, double> { [Metric.Rate] = Messages / Stopwatch.GetElapsedTime(started).TotalSeconds };
    }
}
