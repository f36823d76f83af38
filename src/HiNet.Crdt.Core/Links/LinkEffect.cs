namespace HiNet.Crdt.Core.Links;

/// <summary>
/// What a link wants done or has to say; a closed union. Effects are added in the order in which they take place, and the
/// receiver may call back into the same machine from <c>Add</c> (answer a request, send, close), but not feed it bytes there.
/// </summary>
public abstract record LinkEffect
{
    private LinkEffect()
    {
    }

    /// <summary>
    /// Write these bytes to the stream, in this order. They belong to the receiver and are never modified again; the array
    /// was rented from <c>ArrayPool&lt;byte&gt;.Shared</c>, and whoever is sure to be its last user may return it there.
    /// </summary>
    public sealed record SendBytes(ReadOnlyMemory<byte> Bytes) : LinkEffect;

    /// <summary>
    /// The remote has proved its key; channels may be opened from now on. <paramref name="HandshakeHash"/> is 64 bytes,
    /// equal at both ends and unique to this link; it may be kept.
    /// </summary>
    public sealed record LinkEstablished(NodeId Remote, ReadOnlyMemory<byte> HandshakeHash) : LinkEffect;

    /// <summary>
    /// The remote opened a channel that we had not. Answer with <see cref="LinkMachine.Accept"/> or
    /// <see cref="LinkMachine.Reject"/>, now or later; until then its messages wait within <see cref="LinkOptions.MaxPendingBytes"/>.
    /// The handshake may be kept.
    /// </summary>
    public sealed record ChannelRequested(LinkChannel Channel, ReadOnlyMemory<byte> RemoteHandshake) : LinkEffect;

    /// <summary>Both sides have opened the channel, whoever came first. The handshake may be kept.</summary>
    public sealed record ChannelOpened(LinkChannel Channel, ReadOnlyMemory<byte> RemoteHandshake) : LinkEffect;

    /// <summary>The remote does not want the channel that we opened.</summary>
    public sealed record ChannelRejected(LinkChannel Channel) : LinkEffect;

    /// <summary>
    /// A message arrived. <b>The effect and its payload are valid only until <c>Add</c> returns</b>: both are used again
    /// for the next message. Copy what must stay. Types that the protocol does not know are for the owner to ignore.
    /// </summary>
    public sealed record MessageReceived : LinkEffect
    {
        internal MessageReceived(LinkChannel channel, int type, ReadOnlyMemory<byte> payload)
        {
            Channel = channel;
            Type = type;
            Payload = payload;
        }

        public LinkChannel Channel { get; internal set; }

        public int Type { get; internal set; }

        public ReadOnlyMemory<byte> Payload { get; internal set; }
    }

    /// <summary>The remote closed the channel or withdrew its request, or the link has ended. Not said of channels that the owner closed.</summary>
    public sealed record ChannelClosed(LinkChannel Channel) : LinkEffect;

    /// <summary>The link is over: close the stream once the bytes handed out before are written. The last effect of a link.</summary>
    public sealed record CloseStream(LinkCloseReason Reason, string Detail) : LinkEffect;
}
