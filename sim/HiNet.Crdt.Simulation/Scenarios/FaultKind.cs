namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>What can go wrong in a scenario.</summary>
public enum FaultKind
{
    /// <summary>The network parts into groups.</summary>
    Partition,

    /// <summary>Partitions, cuts and clogs end.</summary>
    Heal,

    /// <summary>A process ends without warning.</summary>
    Crash,

    /// <summary>A machine loses its power.</summary>
    PowerLoss,

    /// <summary>A process that is down starts.</summary>
    Restart,

    /// <summary>What one node sends to another stops.</summary>
    Cut,

    /// <summary>What one node sends to another is held for ten seconds.</summary>
    Clog,

    /// <summary>A process stops without ending.</summary>
    Pause,

    /// <summary>A paused process goes on.</summary>
    Resume,

    /// <summary>A wall clock is set.</summary>
    StepClock,

    /// <summary>Writes fail until the node is restarted.</summary>
    DiskFull,

    /// <summary>Reads fail, which stops the node.</summary>
    ReadError,

    /// <summary>A machine goes to sleep.</summary>
    Suspend,

    /// <summary>A sleeping machine goes on.</summary>
    Wake,

    /// <summary>A home is copied, for a later <see cref="Restore"/>.</summary>
    Backup,

    /// <summary>A node goes on from the last backup of its home.</summary>
    Restore,

    /// <summary>A second machine starts from a copy of a node's home, while the node goes on.</summary>
    Copy,

    /// <summary>The copies of a node stop and are thrown away.</summary>
    EndCopy,
}
