using HiNet.Crdt.Mutation.Mutants;

namespace HiNet.Crdt.Mutation.Results;

/// <summary>A mutant and what became of it.</summary>
/// <param name="Mutant">The mutant.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Check">The check that noticed it.</param>
/// <param name="Problem">What that check said.</param>
/// <param name="Checks">How many checks ran.</param>
/// <param name="Explanation">Why nothing can notice it, if that is known.</param>
/// <param name="IsOld">Whether it was taken from an earlier run.</param>
internal sealed record Verdict(Mutant Mutant, Outcome Outcome, string? Check = null, string? Problem = null, int Checks = 0, string? Explanation = null, bool IsOld = false)
{
    public bool IsKilled => Outcome is Outcome.KilledByTest or Outcome.KilledBySeed or Outcome.TimedOut;
}
