namespace HiNet.Crdt.Simulation.Traces;

/// <summary>One entry of a causal history as its file has it, with the line that it stands in.</summary>
internal sealed record TraceLine(int Number, long Id, long[] Parents, string Author, string Text);
