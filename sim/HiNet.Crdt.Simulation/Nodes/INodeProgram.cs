using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Storage;

namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>What runs on the nodes of a world: the engine, or a smaller machine of the same shape in the kernel's own tests.</summary>
internal interface INodeProgram
{
    /// <summary>Makes a person, a device and an empty home.</summary>
    INodeHome CreateHome(int index, string name, ICryptography cryptography, SimulatedDisk disk);
}
