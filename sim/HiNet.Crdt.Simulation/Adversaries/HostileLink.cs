using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>One end of a link that an attacker holds.</summary>
internal abstract class HostileLink(AdversaryMachine machine, LinkId id) : IDisposable
{
    public LinkId Id { get; } = id;

    /// <summary>When the attacker goes; never, if it wants to stay.</summary>
    public Instant Leaves { get; set; } = Instant.Never;

    public virtual Instant Deadline => Leaves;

    protected AdversaryMachine Machine { get; } = machine;

    public abstract void Opened(Instant now);

    public abstract void Received(ReadOnlyMemory<byte> bytes, Instant now);

    /// <summary>The stream is gone.</summary>
    public abstract void Dispose();

    public virtual void HandleDeadline(Instant now)
    {
        if (now >= Leaves)
        {
            Close();
        }
    }

    public void Close() => Machine.Drop(this);

    /// <summary>Any bytes at all.</summary>
    public virtual void SendRaw(ReadOnlyMemory<byte> bytes) => Machine.Add(new NodeEffect.Send(Id, bytes));
}
