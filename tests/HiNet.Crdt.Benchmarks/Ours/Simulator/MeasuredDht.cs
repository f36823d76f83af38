using HiNet.Crdt.Benchmarks.Framework;
using HiNet.Crdt.Simulation;
using HiNet.Crdt.Simulation.Dht;

namespace HiNet.Crdt.Benchmarks.Ours.Simulator;

/// <summary>
/// Lookups in a simulated network of the DHT, as <c>hinet-sim dht</c> measures them. A seed gives the same figures on any machine,
/// so each run takes another one, from 1 on.
/// </summary>
internal sealed class MeasuredDht(string name, DhtRunOptions options) : IMeasurement
{
    private ulong _runs;

    public string Name => name;

    public string? Unavailable => null;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var seed = ++_runs;
        var report = await Task.Run(() => DhtRun.Run(options with { Seed = seed }), cancellationToken);
        if (report.Result != SimulationResult.Pass)
        {
            throw new MeasurementException($"seed {seed} does not pass: {report.Problem ?? "nothing was found"}");
        }

        var metrics = report.Metrics;
        var figures = new Dictionary<string, double>
        {
            [Metric.Found] = 100 * Math.Min(metrics["success"], metrics["recordsFound"]),
            [Metric.NodesFound] = 100 * metrics["success"],
            [Metric.RecordsFound] = 100 * metrics["recordsFound"],
            [Metric.Hops] = metrics["hopsMean"],
            [Metric.Queries] = metrics["rpcsMean"],
            [Metric.VirtualMilliseconds] = 1000 * metrics["latencyMean"],
        };
        if (metrics.TryGetValue("bytesPerNodeMinute", out var bytes))
        {
            figures[Metric.BytesPerNodeMinute] = bytes;
        }

        return figures;
    }
}
