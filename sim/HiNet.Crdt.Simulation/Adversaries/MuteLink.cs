using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>Says something at the beginning, or nothing, and never answers.</summary>
internal sealed class MuteLink(AdversaryMachine machine, LinkId id, byte[] greeting) : HostileLink(machine, id)
{
    public override void Opened(Instant now)
    {
        if (greeting.Length > 0)
        {
            SendRaw(greeting);
        }
    }

    public override void Received(ReadOnlyMemory<byte> bytes, Instant now)
    {
    }

    public override void Dispose()
    {
    }
}
