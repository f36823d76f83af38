namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>What a node schedules for itself.</summary>
internal enum NodeEventKind
{
    Timer = 1,
    PersistDone = 2,
    Verified = 3,
    WallClock = 4,
    ArmedCrash = 5,
}
