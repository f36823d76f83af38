using HiNet.Crdt.Simulation.Traces;

namespace HiNet.Crdt.Simulation.Failures;

/// <summary>The causal history whose replay failed.</summary>
/// <param name="History">All of it.</param>
/// <param name="Replicas">How many replicas were compared, 1 to 64.</param>
public sealed record FailedTrace(CausalTrace History, int Replicas);
