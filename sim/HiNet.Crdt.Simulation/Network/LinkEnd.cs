using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Driving;

namespace HiNet.Crdt.Simulation.Network;

/// <summary>One end of a link, with the direction that leads away from it.</summary>
internal sealed class LinkEnd(INetworkHost host, LinkId id, ulong drawOwner, LinkBacklog backlog)
{
    public INetworkHost Host { get; } = host;

    public int Generation { get; } = host.Generation;

    public LinkId Id { get; } = id;

    /// <summary>Whose draws decide what happens to the bytes on their way.</summary>
    public ulong DrawOwner { get; } = drawOwner;

    public LinkEnd Remote { get; set; } = null!;

    /// <summary>False before the node was told of the link and after it was told of its end.</summary>
    public bool IsOpen { get; set; }

    /// <summary>The node has asked for the end: nothing more is given to it but that.</summary>
    public bool IsClosing { get; set; }

    /// <summary>Sent in the effects of the current event; leaves as one piece.</summary>
    public List<ReadOnlyMemory<byte>> Staged { get; } = [];

    /// <summary>Bytes sent that have not arrived.</summary>
    public LinkBacklog Backlog { get; } = backlog;

    /// <summary>More was sent than the link takes: it ends.</summary>
    public bool HasOverflowed { get; set; }

    public long LastArrival { get; set; }

    public long NextFree { get; set; }

    public ulong Counter { get; set; }

    /// <summary>What reached a cut, in order; an empty piece is the end of the stream.</summary>
    public Queue<(long Number, byte[] Bytes)> Stalled { get; } = new();

    /// <summary>Pieces sent; each carries its number.</summary>
    public long SentPieces { get; set; }

    /// <summary>The number of the next piece to be handed over.</summary>
    public long NextPiece { get; set; }

    /// <summary>What arrived before its turn, after a cut has healed: streams put it back in order.</summary>
    public SortedDictionary<long, byte[]> Early { get; } = [];

    public long StallNumber { get; set; }

    /// <summary>Its sender gave up while bytes were stalled: nothing that is still on its way may arrive behind the gap.</summary>
    public bool IsBroken { get; set; }

    public bool BelongsToCurrentLife => Host.IsUp && Host.Generation == Generation;
}
