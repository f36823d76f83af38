using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Ours.Simulator;

/// <summary>Runs of one scenario a second with a process on each core, as a sweep does it, after the first runs have warmed them up.</summary>
internal sealed class SimulatedRuns : IMeasurement
{
    public string Name => OurMeasurements.SimulatedRuns;

    public string? Unavailable => null;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken)
    {
        var rates = await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(
            core => ChildProcess.RunAsync(SimulatedScenario.Work, ["five-nodes", $"{core}"], cancellationToken)));
        return new Dictionary<string, double>
        {
            [Metric.Rate] = rates.Sum(rate => rate[Metric.Rate]),
            [Metric.EventRate] = rates.Sum(rate => rate[Metric.EventRate]),
        };
    }
}
