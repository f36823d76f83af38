using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Storage;

namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>The real engine, with keys that derive from the world's seed.</summary>
internal sealed class EngineProgram : INodeProgram
{
    public static EngineProgram Instance { get; } = new();

    public INodeHome CreateHome(int index, string name, ICryptography cryptography, SimulatedDisk disk)
    {
        Span<byte> identity = stackalloc byte[32];
        Span<byte> agreement = stackalloc byte[32];
        cryptography.FillSecret(identity);
        cryptography.FillSecret(agreement);
        return new EngineHome(HomeSecrets.Create(cryptography, name, identity, agreement), cryptography, disk);
    }
}
