namespace HiNet.Crdt.Mutation.Mutants;

/// <summary>One change to one place of the source.</summary>
/// <param name="Id">Its number in this instrumented copy, from 1.</param>
/// <param name="Key">Names it in every run, as long as its file says the same there.</param>
/// <param name="File">Relative to the mutated project, with forward slashes.</param>
/// <param name="Line">From 1.</param>
/// <param name="Member">The member that the place belongs to.</param>
/// <param name="Kind">What is changed.</param>
/// <param name="Before">The source as it is, in one line.</param>
/// <param name="After">The source as it would be, in one line.</param>
internal sealed record Mutant(int Id, string Key, string File, int Line, string Member, MutantKind Kind, string Before, string After);
