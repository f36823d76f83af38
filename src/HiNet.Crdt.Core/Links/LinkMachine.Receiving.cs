using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Links;

public sealed partial class LinkMachine
{
    /// <summary>The one that is used again for every message that arrives in a frame.</summary>
    private LinkEffect.MessageReceived? _message;

    private void HandlePlaintext(ReadOnlyMemory<byte> plaintext, Instant now, IEffectSink<LinkEffect> effects)
    {
        var reader = new CompactReader(plaintext.Span);
        if (!reader.TryReadUInt(out var channel) || !reader.TryReadUInt(out var type))
        {
            End(LinkCloseReason.MalformedMessage, "a message without channel and type", effects);
        }
        else if (channel == ControlChannel && type == BatchType)
        {
            HandleBatch(plaintext[^reader.Rest.Length..], now, effects);
        }
        else
        {
            Dispatch(channel, type, plaintext[^reader.Rest.Length..], now, effects);
        }
    }

    /// <summary>What is sent because of a batch goes out as a batch, so that a batch of opens cannot beget a frame each.</summary>
    private void HandleBatch(ReadOnlyMemory<byte> batch, Instant now, IEffectSink<LinkEffect> effects)
    {
        _corks++;
        try
        {
            DispatchBatch(batch, now, effects);
        }
        finally
        {
            _corks--;
        }

        if (_corks == 0)
        {
            FlushBatch(now, effects);
        }
    }

    private void DispatchBatch(ReadOnlyMemory<byte> batch, Instant now, IEffectSink<LinkEffect> effects)
    {
        var span = batch.Span;
        var reader = new CompactReader(span);
        if (!reader.TryReadUInt(out var channel))
        {
            End(LinkCloseReason.MalformedBatch, "a batch without a channel", effects);
            return;
        }

        while (!reader.IsEmpty && _phase != Phase.Closed)
        {
            if (!reader.TryReadUInt(out var length))
            {
                End(LinkCloseReason.MalformedBatch, "a batch with a broken length", effects);
                return;
            }

            if (length == 0)
            {
                if (!reader.TryReadUInt(out channel))
                {
                    End(LinkCloseReason.MalformedBatch, "a batch with a broken channel", effects);
                    return;
                }

                continue;
            }

            var start = span.Length - reader.Rest.Length;
            if (!reader.TryReadBytes(length, out var message))
            {
                End(LinkCloseReason.MalformedBatch, $"a batch with a message of {length} bytes beyond its end", effects);
                return;
            }

            var inner = new CompactReader(message);
            if (!inner.TryReadUInt(out var type) || (channel == ControlChannel && type == BatchType))
            {
                End(LinkCloseReason.MalformedBatch, "a batch with a message without type, or with a batch", effects);
                return;
            }

            var header = message.Length - inner.Rest.Length;
            Dispatch(channel, type, batch.Slice(start + header, inner.Rest.Length), now, effects);
        }
    }

    private void Dispatch(ulong channel, ulong type, ReadOnlyMemory<byte> payload, Instant now, IEffectSink<LinkEffect> effects)
    {
        if (channel == ControlChannel)
        {
            HandleControl(type, payload.Span, now, effects);
            return;
        }

        // A message may cross our close of its channel, and later versions may have types beyond ours: neither is an error.
        if (_channels.FindRemote(channel) is not { } target || type > int.MaxValue)
        {
            return;
        }

        if (target.State == LinkChannelState.Requested)
        {
            Hold(target, new PendingMessage((int)type, payload.ToArray()), now, effects);
            return;
        }

        if (_message is { } message)
        {
            message.Channel = target;
            message.Type = (int)type;
            message.Payload = payload;
        }
        else
        {
            message = _message = new LinkEffect.MessageReceived(target, (int)type, payload);
        }

        effects.Add(message);

        // The next message may be long in coming, and what this one carried may have to be forgotten before.
        message.Payload = default;
    }

    private void Hold(LinkChannel channel, PendingMessage message, Instant now, IEffectSink<LinkEffect> effects)
    {
        if (_pendingBytes + message.Cost > _options.MaxPendingBytes)
        {
            Withdraw(channel, now, effects);
            return;
        }

        (channel.Pending ??= []).Add(message);
        _pendingBytes += message.Cost;
    }

    private void Withdraw(LinkChannel channel, Instant now, IEffectSink<LinkEffect> effects)
    {
        var remoteId = RemoveRequest(channel);
        effects.Add(new LinkEffect.ChannelClosed(channel));
        WriteId(RejectType, remoteId, now, effects);
    }

    private void HandleControl(ulong type, ReadOnlySpan<byte> body, Instant now, IEffectSink<LinkEffect> effects)
    {
        if (type is not (OpenType or RejectType or CloseType))
        {
            return;
        }

        var reader = new CompactReader(body);
        if (!reader.TryReadUInt(out var id))
        {
            End(LinkCloseReason.MalformedMessage, "a control message without an id", effects);
            return;
        }

        switch (type)
        {
            case OpenType:
                HandleOpen(id, ref reader, now, effects);
                break;
            case RejectType:
                HandleReject(id, effects);
                break;
            default:
                HandleClose(id, now, effects);
                break;
        }
    }

    private void HandleOpen(ulong id, ref CompactReader reader, Instant now, IEffectSink<LinkEffect> effects)
    {
        if (!reader.TryReadBuffer(out var protocol) || !reader.TryReadBuffer(out var channelId))
        {
            End(LinkCloseReason.MalformedMessage, "an open without protocol and id", effects);
            return;
        }

        if (id > ChannelTable.MaxRemoteId)
        {
            End(LinkCloseReason.TooManyChannels, $"a channel id of {id}", effects);
            return;
        }

        if (!_channels.TryReserveRemote((int)id))
        {
            End(LinkCloseReason.InvalidChannelId, $"the channel id {id} is in use or out of sequence", effects);
            return;
        }

        var handshake = reader.Rest;
        if (!ChannelKey.TryCreate(protocol, channelId, out var key) || handshake.Length > LinkOptions.MaxChannelHandshake)
        {
            WriteId(RejectType, (int)id, now, effects);
        }
        else if (_channels.TryPair(key, (int)id, out var paired))
        {
            // Null for a channel that we closed before this answer came: the remote sees our close and drops its half.
            if (paired is not null)
            {
                effects.Add(new LinkEffect.ChannelOpened(paired, handshake.ToArray()));
            }
        }
        else if (_channels.FindLive(key) is not null || _channels.RemoteCount >= _options.MaxChannels)
        {
            WriteId(RejectType, (int)id, now, effects);
        }
        else
        {
            var channel = _channels.AddRequested(key, (int)id, handshake.ToArray());
            effects.Add(new LinkEffect.ChannelRequested(channel, channel.RemoteHandshake));
        }
    }

    private void HandleReject(ulong id, IEffectSink<LinkEffect> effects)
    {
        if (_channels.TryReject(id, out var channel) && channel is not null)
        {
            effects.Add(new LinkEffect.ChannelRejected(channel));
        }
    }

    private void HandleClose(ulong id, Instant now, IEffectSink<LinkEffect> effects)
    {
        if (_channels.FindRemote(id) is not { } channel)
        {
            return;
        }

        if (channel.State == LinkChannelState.Requested)
        {
            Withdraw(channel, now, effects);
            return;
        }

        _channels.Remove(channel);
        effects.Add(new LinkEffect.ChannelClosed(channel));
    }
}
