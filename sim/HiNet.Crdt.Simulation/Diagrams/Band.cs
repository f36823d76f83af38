namespace HiNet.Crdt.Simulation.Diagrams;

/// <summary>A stretch of time in which something was wrong with the network or with nodes.</summary>
/// <param name="Kind">partition, cut, clog, offline or pause.</param>
/// <param name="From">Virtual seconds.</param>
/// <param name="To">Virtual seconds.</param>
/// <param name="Text">In words.</param>
/// <param name="Groups">The groups of a partition; for a cut or a clog the sender and the receiver; else the node.</param>
internal sealed record Band(string Kind, double From, double To, string Text, IReadOnlyList<IReadOnlyList<int>> Groups);
