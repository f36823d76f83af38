namespace HiNet.Crdt.Simulation.Shrinking;

/// <summary>How far a <see cref="Shrinker"/> is.</summary>
/// <param name="Runs">Runs so far.</param>
/// <param name="MaximumRuns">Runs at most.</param>
/// <param name="Stage">What is being left out, in one or two words.</param>
/// <param name="Nodes">Nodes of the smallest failing run so far; for a history, its authors.</param>
/// <param name="Operations">Its operations; for a history, its entries.</param>
/// <param name="Faults">Its faults.</param>
public sealed record ShrinkProgress(int Runs, int MaximumRuns, string Stage, int Nodes, int Operations, int Faults);
