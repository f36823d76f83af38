using HiNet.Crdt.Simulation.Failures;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Shrinking;

/// <summary>What a <see cref="Shrinker"/> came to.</summary>
/// <param name="Failure">The smallest failure that was found; the given one when it does not happen in this build.</param>
/// <param name="Report">The run of <paramref name="Failure"/>.</param>
/// <param name="IsReproduced">Whether the given failure happens in this build. When it does not, nothing was shrunk.</param>
/// <param name="Runs">How many runs it took.</param>
/// <param name="IsMinimal">Whether leaving out any single operation or fault makes the failure go away; false when the runs were used up before.</param>
public sealed record ShrinkResult(Failure Failure, RunReport Report, bool IsReproduced, int Runs, bool IsMinimal);
