namespace HiNet.Crdt.Mutation.Running;

/// <summary>What a worker is asked: to run checks with one mutant on, until one of them fails.</summary>
/// <param name="Mutant">The mutant's number; 0 for none.</param>
/// <param name="Checks">Names of tests, and seeds, in the order in which they are to run.</param>
/// <param name="StepLimits">For each check the turns of loops after which it is stopped.</param>
internal sealed record Request(int Mutant, IReadOnlyList<string> Checks, IReadOnlyList<long> StepLimits);
