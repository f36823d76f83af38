namespace HiNet.Crdt.Simulation.Traces;

/// <summary>Who wrote what, having seen what. Parents come before their children.</summary>
/// <param name="Authors">Names, in order of first appearance.</param>
/// <param name="Entries">In an order that respects every parent, and otherwise that of the file.</param>
public sealed record CausalTrace(IReadOnlyList<string> Authors, IReadOnlyList<TraceEntry> Entries);
