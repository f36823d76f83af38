using System.Diagnostics;
using HiNet.Crdt.Benchmarks.Framework;
using HiNet.Crdt.Core.Identity;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>
/// How many entries a second a node takes from a link when each is signed by itself: decrypted, its signature checked, applied,
/// durable. They were written before; the feeding end, in this process, only encrypts.
/// </summary>
internal sealed class LiveIngest : IMeasurement
{
    private const int Entries = 40_000;
    private const int WarmUp = 10_000;

    public string Name => OurMeasurements.LiveIngest;

    public string? Unavailable => null;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Workspace.CreateFolder("ingest");
        try
        {
            await using var node = await Nodes.StartAsync(folder, Nodes.Loopback);
            var author = Strangers.Create();
            var contact = await node.AddContactAsync(Strangers.CreateInvite(author), cancellationToken: cancellationToken);
            var conversation = await node.OpenDirectAsync(contact.Id, cancellationToken);
            var invite = await node.CreateInviteAsync(cancellationToken: cancellationToken);
            if (!Invite.TryParse(invite, out var parsed, out var problem))
            {
                throw new MeasurementException(problem);
            }

            var history = SignedHistory.Write(author, invite, Nodes.CreateTexts(WarmUp + Entries));
            using var feed = new LiveFeed(author, parsed.Card, history.Conversation);
            feed.Connect(node.ListenAddress!);
            feed.Send(history.Segments.Take(WarmUp));
            var extra = history.Entries - history.Segments.Count;
            Waiting.Until(() => conversation.GetStatus().Entries >= WarmUp + extra, "warming up", cancellationToken);

            // The receiver acknowledges in entries of its own, so that its count reaches the goal a few entries early.
            var goal = conversation.GetStatus().Entries + history.Segments.Count - WarmUp;
            var started = Stopwatch.GetTimestamp();
            feed.Send(history.Segments.Skip(WarmUp));
            Waiting.Until(() => conversation.GetStatus().Entries >= goal, "taking the entries in", cancellationToken);
            return new Dictionary<string, double>
            {
                [Metric.Rate] = (history.Segments.Count - WarmUp) / Stopwatch.GetElapsedTime(started).TotalSeconds,
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
