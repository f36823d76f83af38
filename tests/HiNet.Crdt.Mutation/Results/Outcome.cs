namespace HiNet.Crdt.Mutation.Results;

/// <summary>What became of a mutant.</summary>
internal enum Outcome
{
    /// <summary>A unit test failed.</summary>
    KilledByTest,

    /// <summary>A generated world broke an invariant.</summary>
    KilledBySeed,

    /// <summary>A check went on for too long, or took the process with it.</summary>
    TimedOut,

    /// <summary>Checks reached it, and none failed.</summary>
    Survived,

    /// <summary>No check came to where it makes a difference.</summary>
    NotReached,
}
