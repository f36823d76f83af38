using HiNet.Crdt.Simulation.Diagrams;
using HiNet.Crdt.Simulation.Nodes;
using HiNet.Crdt.Simulation.Scenarios;
using HiNet.Crdt.Simulation.Traces;

namespace HiNet.Crdt.Simulation.Failures;

/// <summary>Runs failures again.</summary>
public static class FailureReplay
{
    /// <summary>
    /// Runs what failed. A run that was found to differ between processes fails again when its trace hash is not the recorded one.
    /// </summary>
    /// <param name="failure">What failed.</param>
    /// <param name="log">Told of each transition in words: virtual time, node (-1 for the network), what. Null costs nothing.</param>
    /// <exception cref="FailureFormatException">It has a planted bug that this build does not know.</exception>
    public static RunReport Run(Failure failure, Action<TimeSpan, int, string>? log = null)
    {
        ArgumentNullException.ThrowIfNull(failure);
        if (log is null)
        {
            return Run(failure, failure.Scenario, null, null);
        }

        var recording = new RunRecording(log);
        return recording.End(Run(failure, failure.Scenario, recording.Line, recording));
    }

    internal static RunReport Run(Failure failure, Scenario? scenario, Action<TimeSpan, int, string>? log, IRunObserver? observer)
    {
        var report = scenario is not null
            ? ScenarioRunner.Run(scenario, failure.Seed, failure.Name, EngineProgram.Instance, CanaryOf(failure), log, observer)
            : TraceReplay.Run(failure.Trace!.History, failure.Seed, failure.Trace.Replicas, failure.Name);
        return failure.Result == SimulationResult.Nondeterminism && report.Result == SimulationResult.Pass && report.TraceHash != failure.TraceHash
            ? report with { Result = SimulationResult.Nondeterminism, Problem = failure.Problem }
            : report;
    }

    internal static Canary CanaryOf(Failure failure) =>
        failure.Planted is null ? Canary.None
        : Enum.GetNames<Canary>().Contains(failure.Planted) ? Enum.Parse<Canary>(failure.Planted)
        : throw new FailureFormatException($"This build knows no planted bug \"{failure.Planted}\": run the failure with the build that wrote it, {failure.Product}.");
}
