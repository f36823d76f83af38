using HiNet.Crdt.Simulation.Cryptography;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Bytes;

/// <summary>Says of each frame which node sealed or opened it. Nothing runs beside anything else, so that is the node that was last given something.</summary>
internal sealed class FrameWatch(SimulatedWorld world, ErasedGone erased, StrangersLearnNothing strangers) : IFrameTap
{
    /// <summary>Who sends on a stream. Streams whose links have ended stay: a world has few.</summary>
    private readonly Dictionary<ulong, NodeProcess> _senders = [];

    /// <summary>The node whose input is being handled, or was handled last.</summary>
    public NodeProcess? Acting { get; set; }

    public void Created(ulong stream)
    {
        if (Acting is { } sender)
        {
            _senders[stream] = sender;
        }
    }

    public void Sealed(ulong stream, ReadOnlySpan<byte> plaintext)
    {
        if (Acting is { IsHonest: true } sender)
        {
            erased.Sealed(sender, plaintext);
        }
    }

    /// <summary>What an adversary tells, it tells: only what honest nodes send is looked at.</summary>
    public void Opened(ulong stream, ReadOnlySpan<byte> plaintext)
    {
        if (Acting is { } receiver && _senders.TryGetValue(stream, out var sender) && sender.IsHonest)
        {
            strangers.Received(world.Nodes[receiver.Index].Process, sender, plaintext);
        }
    }
}
