using System.Diagnostics;
using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>
/// One message after the other between two nodes on loopback TCP, both with durable stores: from the call of SendAsync until
/// the other node's subscriber has the event, which comes after the entry is durable there.
/// </summary>
internal sealed class SendToEvent : IMeasurement
{
    private const int WarmUp = 300;
    private const int Messages = 2_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => OurMeasurements.SendToEvent;

    public string? Unavailable => null;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var (folderA, folderB) = (Workspace.CreateFolder("latency"), Workspace.CreateFolder("latency"));
        try
        {
            await using var alice = await Nodes.StartAsync(folderA, Nodes.Loopback);
            await using var bob = await Nodes.StartAsync(folderB);
            await bob.AddContactAsync(await alice.CreateInviteAsync(cancellationToken: cancellationToken), cancellationToken: cancellationToken);
            Waiting.Until(() => alice.Contacts.Any(contact => contact.Id == bob.Self.Id), "meeting", cancellationToken);
            var toBob = await alice.OpenDirectAsync(bob.Self.Id, cancellationToken);
            var toAlice = await bob.OpenDirectAsync(alice.Self.Id, cancellationToken);
            var milliseconds = await MeasureAsync(toBob, toAlice, cancellationToken);
            return new Dictionary<string, double>
            {
                [Metric.P50] = Percentiles.Of(milliseconds, 0.5),
                [Metric.P99] = Percentiles.Of(milliseconds, 0.99),
            };
        }
        finally
        {
            Directory.Delete(folderA, recursive: true);
            Directory.Delete(folderB, recursive: true);
        }
    }

    private static async Task<List<double>> MeasureAsync(IConversation sender, IConversation receiver, CancellationToken cancellationToken)
    {
        TaskCompletionSource<long>? heard = null;
        using var subscription = receiver.Events.Subscribe(new EventObserver(happened =>
        {
            if (happened is MessageAdded)
            {
                heard?.TrySetResult(Stopwatch.GetTimestamp());
            }
        }));
        var milliseconds = new List<double>(Messages);
        var texts = Nodes.CreateTexts(WarmUp + Messages);
        for (var i = 0; i < texts.Length; i++)
        {
            heard = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            var started = Stopwatch.GetTimestamp();
            await sender.SendAsync(texts[i], cancellationToken);
            var ended = await heard.Task.WaitAsync(Patience, cancellationToken);
            if (i >= WarmUp)
            {
                milliseconds.Add(Stopwatch.GetElapsedTime(started, ended).TotalMilliseconds);
            }
        }

        return milliseconds;
    }
}
