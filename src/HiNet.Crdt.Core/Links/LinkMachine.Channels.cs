using System.Buffers;
using System.Text;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Links;

public sealed partial class LinkMachine
{
    private readonly ChannelTable _channels = new();
    private int _pendingBytes;

    /// <summary>Channels that are requested, opening or open.</summary>
    public int ChannelCount => _channels.LiveCount;

    /// <summary>False when <see cref="LinkOptions.MaxChannels"/> of our own channels are open or await an answer.</summary>
    public bool CanOpen => _channels.LocalCount < _options.MaxChannels;

    /// <summary>
    /// Opens a channel, or accepts the remote's pending request for the same protocol and id. On a link that has ended the
    /// result is closed from the start.
    /// </summary>
    /// <param name="protocol">At most <see cref="LinkOptions.MaxName"/> bytes of UTF-8.</param>
    /// <param name="id">At most <see cref="LinkOptions.MaxName"/> bytes; copied; may be empty, which is the same as none.</param>
    /// <param name="handshake">At most <see cref="LinkOptions.MaxChannelHandshake"/> bytes for the remote's owner; copied.</param>
    /// <param name="now">The time.</param>
    /// <param name="effects">Takes the frames.</param>
    /// <exception cref="ArgumentException">A name, id or handshake is too long.</exception>
    /// <exception cref="InvalidOperationException">The link is not established yet, the channel is open already, or <see cref="CanOpen"/> is false.</exception>
    public LinkChannel Open(string protocol, ReadOnlySpan<byte> id, ReadOnlySpan<byte> handshake, Instant now, IEffectSink<LinkEffect> effects)
    {
        ArgumentException.ThrowIfNullOrEmpty(protocol);
        RequireShort(Encoding.UTF8.GetByteCount(protocol), LinkOptions.MaxName, nameof(protocol));
        RequireShort(id.Length, LinkOptions.MaxName, nameof(id));
        RequireShort(handshake.Length, LinkOptions.MaxChannelHandshake, nameof(handshake));
        var key = new ChannelKey(protocol, id.ToArray());
        if (_phase == Phase.Closed)
        {
            return new LinkChannel(key, LinkChannelState.Closed);
        }

        if (!IsEstablished)
        {
            throw new InvalidOperationException("Open channels once the link is established.");
        }

        switch (_channels.FindLive(key))
        {
            case { State: LinkChannelState.Requested } requested:
                Accept(requested, handshake, now, effects);
                return requested;
            case { } live:
                throw new InvalidOperationException($"The channel {live} exists already on this link.");
        }

        RequireRoom();
        var channel = _channels.AddOpening(key);
        WriteOpen(channel, handshake, now, effects);
        return channel;
    }

    /// <summary>
    /// Answers <see cref="LinkEffect.ChannelRequested"/>: adds <see cref="LinkEffect.ChannelOpened"/> and the messages that
    /// waited. False when the request is gone: the remote withdrew it, or the link has ended.
    /// </summary>
    /// <exception cref="InvalidOperationException">The channel is not waiting for an answer, or <see cref="CanOpen"/> is false.</exception>
    public bool Accept(LinkChannel channel, ReadOnlySpan<byte> handshake, Instant now, IEffectSink<LinkEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(channel);
        RequireShort(handshake.Length, LinkOptions.MaxChannelHandshake, nameof(handshake));
        if (channel.State == LinkChannelState.Closed)
        {
            return false;
        }

        if (channel.State != LinkChannelState.Requested)
        {
            throw new InvalidOperationException($"The channel {channel} is not waiting to be accepted.");
        }

        RequireRoom();
        _channels.Accept(channel);
        WriteOpen(channel, handshake, now, effects);
        if (channel.State != LinkChannelState.Open)
        {
            return false;
        }

        effects.Add(new LinkEffect.ChannelOpened(channel, channel.RemoteHandshake));
        DeliverPending(channel, effects);
        return true;
    }

    /// <summary>Refuses a request. Does nothing when it is gone.</summary>
    /// <exception cref="InvalidOperationException">The channel is not waiting for an answer.</exception>
    public void Reject(LinkChannel channel, Instant now, IEffectSink<LinkEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (channel.State is LinkChannelState.Opening or LinkChannelState.Open)
        {
            throw new InvalidOperationException($"The channel {channel} is not waiting to be accepted: close it.");
        }

        if (channel.State == LinkChannelState.Requested)
        {
            WriteId(RejectType, RemoveRequest(channel), now, effects);
        }
    }

    /// <summary>Ends one channel, whatever its state. A closed one stays closed.</summary>
    public void CloseChannel(LinkChannel channel, Instant now, IEffectSink<LinkEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(channel);
        switch (channel.State)
        {
            case LinkChannelState.Requested:
                WriteId(RejectType, RemoveRequest(channel), now, effects);
                break;
            case LinkChannelState.Opening or LinkChannelState.Open:
                var localId = channel.LocalId;
                _channels.Remove(channel);
                WriteId(CloseType, localId, now, effects);
                break;
        }
    }

    private static void RequireShort(int length, int max, string name)
    {
        if (length > max)
        {
            throw new ArgumentException($"At most {max} bytes are allowed, not {length}.", name);
        }
    }

    private void RequireRoom()
    {
        if (!CanOpen)
        {
            throw new InvalidOperationException($"A link holds at most {_options.MaxChannels} channels: close some first, or ask CanOpen.");
        }
    }

    private void DeliverPending(LinkChannel channel, IEffectSink<LinkEffect> effects)
    {
        var pending = DropPending(channel);
        foreach (var message in pending)
        {
            if (channel.State == LinkChannelState.Open)
            {
                effects.Add(new LinkEffect.MessageReceived(channel, message.Type, message.Payload));
            }
        }
    }

    private List<PendingMessage> DropPending(LinkChannel channel)
    {
        var pending = channel.Pending ?? [];
        channel.Pending = null;
        foreach (var message in pending)
        {
            _pendingBytes -= message.Cost;
        }

        return pending;
    }

    /// <summary>
    /// Gives the remote's id, which has to be rejected: every open must be answered, one that was withdrawn too, or the
    /// opener could never use its id again.
    /// </summary>
    private int RemoveRequest(LinkChannel channel)
    {
        var remoteId = channel.RemoteId;
        DropPending(channel);
        _channels.Remove(channel);
        return remoteId;
    }

    private void CloseAllChannels(IEffectSink<LinkEffect> effects)
    {
        foreach (var channel in _channels.RemoveAll())
        {
            channel.Pending = null;
            effects.Add(new LinkEffect.ChannelClosed(channel));
        }
    }

    private void WriteOpen(LinkChannel channel, ReadOnlySpan<byte> handshake, Instant now, IEffectSink<LinkEffect> effects)
    {
        var size = CompactWriter.SizeOfUInt((ulong)channel.LocalId)
            + CompactWriter.SizeOfString(channel.Protocol)
            + CompactWriter.SizeOfBuffer(channel.Id.Length)
            + handshake.Length;
        var body = ArrayPool<byte>.Shared.Rent(size);
        var writer = new CompactWriter(body);
        writer.WriteUInt((ulong)channel.LocalId);
        writer.WriteString(channel.Protocol);
        writer.WriteBuffer(channel.Id.Span);
        writer.WriteBytes(handshake);
        Write(ControlChannel, OpenType, body.AsSpan(0, size), now, effects);
        ArrayPool<byte>.Shared.Return(body);
    }

    private void WriteId(ulong type, int id, Instant now, IEffectSink<LinkEffect> effects)
    {
        Span<byte> body = stackalloc byte[9];
        var writer = new CompactWriter(body);
        writer.WriteUInt((ulong)id);
        Write(ControlChannel, type, body[..writer.Written], now, effects);
    }
}
