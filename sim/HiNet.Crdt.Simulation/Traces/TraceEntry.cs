namespace HiNet.Crdt.Simulation.Traces;

/// <summary>One line of a causal history.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Parents">What its author had seen last: indices into <see cref="CausalTrace.Entries"/>, all smaller than its own.</param>
/// <param name="Author">Index into <see cref="CausalTrace.Authors"/>.</param>
/// <param name="Text">What it says; may be empty.</param>
public sealed record TraceEntry(long Id, IReadOnlyList<int> Parents, int Author, string Text);
