using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Links;

public sealed partial class LinkMachine
{
    private const ulong ControlChannel = 0;
    private const ulong BatchType = 0;
    private const ulong OpenType = 1;
    private const ulong RejectType = 2;
    private const ulong CloseType = 3;

    /// <summary>A batch's plaintext fills at most one 64 KiB frame, length and seal included.</summary>
    private const int MaxBatch = (64 * 1024) - FrameReader.HeaderSize - SealOverhead;

    /// <summary>Channel and type take at most 9 bytes each.</summary>
    private const int MaxMessageHeader = 18;

    /// <summary>Bytes that the link keeps in memory, about: what is under way in either direction, and its channels.</summary>
    internal long KeptBytes => 1024 + (_batch?.Length ?? 0) + _frames.KeptBytes + (_channels.LiveCount * 200L);

    private int _corks;
    private byte[]? _batch;
    private int _batchLength;
    private int _batchCount;
    private ulong _batchChannel;

    /// <summary>
    /// Sends one message: a frame of its own, or a part of the batch while the link is corked. False, and nothing is sent,
    /// when the channel is closed. Messages on a channel that the remote has yet to answer are legal.
    /// </summary>
    /// <param name="channel">A channel of this link that is opening or open.</param>
    /// <param name="type">The protocol's number for the message, 0 or above.</param>
    /// <param name="payload">At most <see cref="LinkOptions.MaxPayload"/> bytes, copied.</param>
    /// <param name="now">The time.</param>
    /// <param name="effects">Takes the frames.</param>
    /// <exception cref="ArgumentException">The type is negative or the payload too long.</exception>
    /// <exception cref="InvalidOperationException">The channel was not accepted yet.</exception>
    public bool Send(LinkChannel channel, int type, ReadOnlySpan<byte> payload, Instant now, IEffectSink<LinkEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentOutOfRangeException.ThrowIfNegative(type);
        if (payload.Length > LinkOptions.MaxPayload)
        {
            throw new ArgumentException($"A message holds at most {LinkOptions.MaxPayload} bytes, not {payload.Length}.", nameof(payload));
        }

        if (_phase == Phase.Closed || channel.State == LinkChannelState.Closed)
        {
            return false;
        }

        if (channel.State == LinkChannelState.Requested)
        {
            throw new InvalidOperationException($"Accept the channel {channel} before sending on it.");
        }

        Write((ulong)channel.LocalId, (ulong)type, payload, now, effects);
        return true;
    }

    /// <summary>Gathers everything sent from here on into batches of up to 64 KiB, until the matching <see cref="Uncork"/>. May be nested.</summary>
    public void Cork() => _corks++;

    /// <summary>Ends a <see cref="Cork"/>; the last one sends what was gathered.</summary>
    /// <exception cref="InvalidOperationException">There is no matching <see cref="Cork"/>.</exception>
    public void Uncork(Instant now, IEffectSink<LinkEffect> effects)
    {
        if (_corks == 0)
        {
            throw new InvalidOperationException("Uncork was called more often than Cork.");
        }

        if (--_corks == 0)
        {
            FlushBatch(now, effects);
        }
    }

    private void Write(ulong channel, ulong type, ReadOnlySpan<byte> payload, Instant now, IEffectSink<LinkEffect> effects)
    {
        if (_phase == Phase.Closed)
        {
            return;
        }

        if (_corks == 0)
        {
            WriteAlone(channel, type, payload, now, effects);
            return;
        }

        var size = CompactWriter.SizeOfUInt(type) + payload.Length;
        var needed = 2 + CompactWriter.SizeOfUInt(channel) + CompactWriter.SizeOfUInt((ulong)size) + size;
        if (_batchLength + needed > MaxBatch)
        {
            FlushBatch(now, effects);
            if (needed > MaxBatch)
            {
                WriteAlone(channel, type, payload, now, effects);
                return;
            }
        }

        Append(channel, type, payload, size);
    }

    private void WriteAlone(ulong channel, ulong type, ReadOnlySpan<byte> payload, Instant now, IEffectSink<LinkEffect> effects)
    {
        var plaintext = PlainBuffer.Rent(MaxMessageHeader + payload.Length);
        var writer = new CompactWriter(plaintext);
        writer.WriteUInt(channel);
        writer.WriteUInt(type);
        writer.WriteBytes(payload);
        SealFrame(plaintext.AsSpan(0, writer.Written), now, effects);
        PlainBuffer.Return(plaintext, writer.Written);
    }

    private void Append(ulong channel, ulong type, ReadOnlySpan<byte> payload, int size)
    {
        _batch ??= PlainBuffer.Rent(MaxBatch);
        var writer = new CompactWriter(_batch.AsSpan(_batchLength));
        if (_batchCount == 0)
        {
            writer.WriteUInt(ControlChannel);
            writer.WriteUInt(BatchType);
            writer.WriteUInt(channel);
        }
        else if (channel != _batchChannel)
        {
            writer.WriteUInt(0);
            writer.WriteUInt(channel);
        }

        writer.WriteUInt((ulong)size);
        writer.WriteUInt(type);
        writer.WriteBytes(payload);
        _batchLength += writer.Written;
        _batchChannel = channel;
        _batchCount++;
    }

    private void FlushBatch(Instant now, IEffectSink<LinkEffect> effects)
    {
        if (_batch is not { } batch || _phase == Phase.Closed)
        {
            return;
        }

        // Detached first: the receiver of the effect may send again.
        var used = _batchLength;
        var plaintext = batch.AsSpan(0, used);
        if (_batchCount == 1)
        {
            plaintext = Unbatch(plaintext, _batchChannel);
        }

        _batch = null;
        _batchLength = 0;
        _batchCount = 0;
        SealFrame(plaintext, now, effects);
        PlainBuffer.Return(batch, used);
    }

    /// <summary>
    /// Turns a batch of one message into the plain message, which is shorter: the channel moves up to the message, over
    /// the length between them.
    /// </summary>
    private static Span<byte> Unbatch(Span<byte> batch, ulong channel)
    {
        var id = CompactWriter.SizeOfUInt(channel);
        var reader = new CompactReader(batch[(2 + id)..]);
        reader.TryReadUInt(out var size);
        var start = batch.Length - (int)size - id;
        batch.Slice(2, id).CopyTo(batch[start..]);
        return batch[start..];
    }

    private void ReleaseBatch()
    {
        if (_batch is { } batch)
        {
            PlainBuffer.Return(batch, _batchLength);
            _batch = null;
            _batchLength = 0;
            _batchCount = 0;
        }
    }
}
