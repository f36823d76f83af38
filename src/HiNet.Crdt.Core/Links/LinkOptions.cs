namespace HiNet.Crdt.Core.Links;

/// <summary>The bounds and intervals of one link. Every property has the default of <c>specs/02-links.md</c>.</summary>
public sealed record LinkOptions
{
    /// <summary>The largest message payload that <see cref="LinkMachine.Send"/> takes, in bytes: 8 MiB.</summary>
    public const int MaxPayload = 8 * 1024 * 1024;

    /// <summary>The longest protocol name and the longest channel id, in bytes; a remote open beyond it is rejected.</summary>
    public const int MaxName = 255;

    /// <summary>The longest channel handshake, in bytes; a remote open beyond it is rejected.</summary>
    public const int MaxChannelHandshake = 4096;

    /// <summary>What a message that waits for its channel costs beside its payload, in bytes.</summary>
    public const int PendingOverhead = 512;

    /// <summary>
    /// A frame may take 5/4 of <see cref="ReceiveTimeout"/> and the time that its bytes need at this rate, in bytes per second;
    /// a link on which one takes longer closes.
    /// </summary>
    public const int SlowestFrameRate = 32 * 1024;

    /// <summary>A link also closes when a frame that has begun grows by fewer bytes than this in 5/4 of <see cref="ReceiveTimeout"/>.</summary>
    public const int SmallestFrameGrowth = 4 * 1024;

    /// <summary>The defaults.</summary>
    public static LinkOptions Default { get; } = new();

    /// <summary>How long the handshake may take, from the machine's creation. Default 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A frame with nothing in it is sent when nothing else was for this long, or up to a third of it less, so that all links of a
    /// node are served at once; null for never. Default 15 s.
    /// </summary>
    public TimeSpan? KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The link closes when no byte arrived for this long; null for never, which suits a peer that sends no keep-alive
    /// frames. Default 30 s.
    /// </summary>
    public TimeSpan? ReceiveTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The longest frame body that is accepted after the handshake, in bytes, up to 2^24 - 1. The default of 8 MiB and
    /// 64 KiB holds a batch of 8 MiB with what goes around it.
    /// </summary>
    public int MaxFrameBody { get; init; } = MaxPayload + (64 * 1024);

    /// <summary>Channels that may be open or waiting at once, for each direction of opening. Default 1,024.</summary>
    public int MaxChannels { get; init; } = 1024;

    /// <summary>
    /// Bytes of messages that may wait for the owner to answer <see cref="LinkEffect.ChannelRequested"/>, over the whole
    /// link, each message counted with <see cref="PendingOverhead"/>; the channel that would exceed it is rejected. Default 32 KiB.
    /// </summary>
    public int MaxPendingBytes { get; init; } = 32 * 1024;

    /// <summary>The node that must be at the other end; null when any may.</summary>
    public NodeId? ExpectedRemote { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HandshakeTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(KeepAlive ?? TimeSpan.MaxValue, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ReceiveTimeout ?? TimeSpan.MaxValue, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxFrameBody, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxFrameBody, FrameReader.MaxLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxChannels, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxPendingBytes);
    }
}
