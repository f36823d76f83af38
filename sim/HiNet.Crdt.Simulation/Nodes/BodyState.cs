namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>What a disk has of an entry's body.</summary>
internal enum BodyState
{
    /// <summary>It is there, or there is none.</summary>
    Held,

    /// <summary>It never came.</summary>
    Absent,

    /// <summary>It is to be gone: what it said was deleted.</summary>
    Erased,
}
