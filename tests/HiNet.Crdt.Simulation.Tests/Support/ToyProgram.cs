using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Nodes;
using HiNet.Crdt.Simulation.Storage;

namespace HiNet.Crdt.Simulation.Tests.Support;

/// <summary>A replicated log of one conversation in two hundred lines: what the kernel is tested with apart from the engine.</summary>
internal sealed class ToyProgram(ToyBug bug = ToyBug.None) : INodeProgram
{
    public INodeHome CreateHome(int index, string name, ICryptography cryptography, SimulatedDisk disk) => new ToyHome(index, name, disk, bug);
}

/// <summary>Mistakes that the toy can make, to see that invariants notice.</summary>
internal enum ToyBug
{
    None,
    SendsBeforeDurable,
    AppliesOutOfOrder,
    NeverDialsAgain,
    Throws,
    Spins,
}
