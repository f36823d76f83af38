namespace HiNet.Crdt.Simulation.Fuzzing;

/// <summary>What an entry that is written by hand says it has seen.</summary>
internal enum FuzzPast
{
    /// <summary>Everything that is applied.</summary>
    Everything,

    /// <summary>The device's own chain alone.</summary>
    OwnChain,

    /// <summary>Some applied entries.</summary>
    Some,

    /// <summary>As many parents as there may be, most of them redundant.</summary>
    Many,

    /// <summary>An older entry of the own chain, in place of its head: a fork.</summary>
    Fork,

    /// <summary>The head of another branch of the own device, as a parent.</summary>
    OwnBranch,

    /// <summary>An entry that does not exist.</summary>
    Missing,

    /// <summary>An entry that waits, is parked or was refused.</summary>
    Unapplied,

    /// <summary>Nothing at all.</summary>
    Nothing,
}
