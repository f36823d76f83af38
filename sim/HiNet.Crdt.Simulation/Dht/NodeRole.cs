namespace HiNet.Crdt.Simulation.Dht;

/// <summary>What a node of a simulated DHT is like.</summary>
internal enum NodeRole : byte
{
    Honest,
    Dead,
    Hostile,
}
