using System.Diagnostics;
using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Ours.Dht;

/// <summary>
/// A node with 200 contacts who are all linked to it and say nothing, each a node in another process; a quarter of them are in the DHT with
/// it. After the bustle of the beginning, a minute is watched: processor time of this process, bytes on its links and in its datagrams.
/// </summary>
internal sealed class IdleNode : IMeasurement
{
    public const int Contacts = 200;

    private static readonly TimeSpan s_settling = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_watched = TimeSpan.FromSeconds(60);

    public string Name => OurMeasurements.IdleNode;

    public string? Unavailable => null;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Workspace.CreateFolder("idle");
        try
        {
            using var traffic = new LinkTraffic(withDatagrams: true);
            await using var node = await Nodes.StartAsync(folder, Nodes.Loopback);
            var invite = await node.CreateInviteAsync(uses: Contacts, cancellationToken: cancellationToken);
            using var others = ChildProcess.Start(IdleContacts.Work, [invite, node.ListenAddress!]);
            Waiting.Until(() => node.GetStatus().Peers.Count == Contacts && node.Contacts.Count == Contacts, "meeting the contacts", cancellationToken);
            await Task.Delay(s_settling, cancellationToken);

            using var own = Process.GetCurrentProcess();
            var (bytes, cpu, started) = (traffic.Bytes, own.TotalProcessorTime, Stopwatch.GetTimestamp());
            await Task.Delay(s_watched, cancellationToken);
            own.Refresh();
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            return node.GetStatus().Peers.Count == Contacts
                ? new Dictionary<string, double>
                {
                    [Metric.CorePercent] = (own.TotalProcessorTime - cpu).TotalSeconds / seconds * 100,
                    [Metric.BytesPerSecond] = (traffic.Bytes - bytes) / seconds,
                }
                : throw new MeasurementException("a contact has gone");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
