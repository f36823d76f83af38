namespace HiNet.Crdt.Simulation.Kernel;

/// <summary>A run has used up its events or its time; the world turns it into a <see cref="SimulationException"/>.</summary>
internal sealed class BudgetExhaustedException(string message) : Exception(message);
