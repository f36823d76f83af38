namespace HiNet.Crdt.Simulation;

/// <summary>How a run ended. The numbers are the exit codes of <c>hinet-sim</c>.</summary>
public enum SimulationResult
{
    /// <summary>Every invariant held, and everything that had to happen did.</summary>
    Pass = 0,

    /// <summary>Something happened that must never happen.</summary>
    Safety = 10,

    /// <summary>Something that had to happen did not, or a budget was used up.</summary>
    Liveness = 11,

    /// <summary>The engine threw an exception.</summary>
    Crash = 12,

    /// <summary>Two runs of one seed differed.</summary>
    Nondeterminism = 13,

    /// <summary>Some kind of operation that the workload attempted never succeeded, so the run says nothing about it.</summary>
    Unknown = 14,
}
