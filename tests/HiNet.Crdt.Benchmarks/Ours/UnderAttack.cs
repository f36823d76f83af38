using HiNet.Crdt.Attack;
using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>
/// A node in a process of its own that every kind of adversary attacks at once, over real sockets, for ten minutes. Beside the figures of the rows
/// stands what the attackers got done, so that it is seen that they did attack.
/// </summary>
internal sealed class UnderAttack : IMeasurement
{
    public string Name => OurMeasurements.UnderAttack;

    public string? Unavailable => null;

    public bool IsRunOnce => true;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Workspace.CreateFolder("attack");
        try
        {
            var report = await AttackRun.RunAsync(new AttackOptions { Folder = folder, Log = Console.Error }, cancellationToken);
            var figures = new Dictionary<string, double>
            {
                [Metric.Seconds] = report.LongestLink.TotalSeconds,
                [Metric.P50] = report.Victim.SendPercentile(0.5),
                [Metric.P99] = report.Victim.SendPercentile(0.99),
                [Metric.Megabytes] = report.Victim.PeakMegabytes,
                [Metric.CorePercent] = report.Victim.CorePercent,
                ["a contact came"] = report.Links.Count,
                ["longest send, ms"] = report.Victim.SendPercentile(1),
                ["entries applied"] = report.Victim.Entries,
                ["links that came up"] = report.Victim.Connected,
            };
            foreach (var (what, count) in report.Victim.Misbehaved.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                figures["refused: " + what] = count;
            }

            foreach (var (what, count) in report.Attackers)
            {
                figures[what] = count;
            }

            return figures;
        }
        catch (Exception problem) when (problem is InvalidOperationException or TimeoutException)
        {
            throw new MeasurementException(problem.Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
