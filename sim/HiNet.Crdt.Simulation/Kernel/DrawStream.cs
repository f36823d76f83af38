namespace HiNet.Crdt.Simulation.Kernel;

/// <summary>Who draws. Numbers below 1,000 are the engine's own streams; these never change, or every kept seed would mean something else.</summary>
internal enum DrawStream
{
    Secret = 1000,
    LinkLatency = 1001,
    LinkLoss = 1002,
    LinkSplit = 1003,
    LinkReset = 1004,
    DialDelay = 1005,
    DiskDelay = 1006,
    DiskFault = 1007,
    VerifyDelay = 1008,
    ClockSkew = 1009,
    ClockDrift = 1010,
    MonotonicStart = 1011,
    CrashOutcome = 1012,
    CrashPoint = 1013,
    Swarm = 1014,
    Faults = 1015,
    Workload = 1016,
    OperationTarget = 1017,
    Topology = 1018,
    DiskRead = 1019,
    Replay = 1020,
    Adversary = 1021,
    Bounds = 1022,
    DhtTables = 1023,
    DhtRoles = 1024,
    DhtWorkload = 1025,
    DhtNetwork = 1026,
}
