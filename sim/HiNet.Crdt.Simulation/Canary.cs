namespace HiNet.Crdt.Simulation;

/// <summary>Bugs that can be planted between the engine and the world. A simulator that does not catch them is blind.</summary>
internal enum Canary
{
    None = 0,

    /// <summary>Batches are reported durable at once and written later: everything is sent, acknowledged and published too early.</summary>
    SendBeforeDurable = 1,

    /// <summary>A restarted node finds its disk as it was one batch before the crash.</summary>
    LostAcknowledgedBatch = 2,

    /// <summary>Each publication is reported twice.</summary>
    PublishedTwice = 3,
}
