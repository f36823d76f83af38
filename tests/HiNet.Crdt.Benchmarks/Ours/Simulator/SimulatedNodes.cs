using HiNet.Crdt.Benchmarks.Framework;

namespace HiNet.Crdt.Benchmarks.Ours.Simulator;

/// <summary>A world of so many nodes for 60 virtual seconds and until it has converged, in a fresh process, the checks of every invariant included.</summary>
internal sealed class SimulatedNodes(string name, int nodes) : IMeasurement
{
    public string Name => name;

    public string? Unavailable => null;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(CancellationToken cancellationToken) =>
        await ChildProcess.RunAsync(SimulatedScenario.Work, ["nodes", $"{nodes}"], cancellationToken);
}
