using System.Buffers;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Links;

public sealed partial class LinkMachine
{
    /// <summary>What a secret stream adds to a plaintext: the tag byte and the authenticator.</summary>
    private const int SealOverhead = 17;

    private FrameReader _frames;
    private Instant _frameBegan;
    private Instant _frameGrew;
    private long _frameGrewAt;
    private bool _receiving;

    /// <summary>Bytes that are kept of a frame of which the rest has yet to come.</summary>
    public long PartialFrameBytes => _frames.KeptBytes;

    /// <summary>
    /// Takes bytes from the stream, in any pieces. Nothing of <paramref name="bytes"/> is kept by reference.
    /// </summary>
    /// <exception cref="InvalidOperationException">Called from within an effect of an earlier call.</exception>
    public void Receive(ReadOnlySpan<byte> bytes, Instant now, IEffectSink<LinkEffect> effects)
    {
        if (_receiving)
        {
            throw new InvalidOperationException("A link cannot be fed bytes from within its own effects: return first.");
        }

        if (_phase == Phase.Closed)
        {
            return;
        }

        _lastRead = now;
        BytesReceived += bytes.Length;
        _receiving = true;
        try
        {
            while (!bytes.IsEmpty && _phase != Phase.Closed)
            {
                ReceiveFrame(ref bytes, now, effects);
            }
        }
        finally
        {
            _receiving = false;
            if (_phase == Phase.Closed)
            {
                ReleaseBuffers();
            }
            else
            {
                _frames.ReleaseIdle();
            }
        }
    }

    private void ReceiveFrame(ref ReadOnlySpan<byte> bytes, Instant now, IEffectSink<LinkEffect> effects)
    {
        if (_phase == Phase.Unstarted)
        {
            End(LinkCloseReason.HandshakeFailed, "the remote spoke before this end, which initiates, had started", effects);
            return;
        }

        if (!_frames.IsWithinFrame)
        {
            (_frameBegan, _frameGrew, _frameGrewAt) = (now, now, BytesReceived);
        }
        else if (BytesReceived - _frameGrewAt >= LinkOptions.SmallestFrameGrowth)
        {
            (_frameGrew, _frameGrewAt) = (now, BytesReceived);
        }

        var (min, max) = FrameBounds;
        switch (_frames.Read(ref bytes, min, max, out var body))
        {
            case FrameReader.Status.OutOfBounds:
                var reason = _phase == Phase.Established ? LinkCloseReason.InvalidFrameLength : LinkCloseReason.HandshakeFailed;
                End(reason, $"a frame of {_frames.Length} bytes where {min} to {max} are allowed", effects);
                break;
            case FrameReader.Status.Complete when _phase == Phase.Established:
                OpenFrame(body, now, effects);
                break;
            case FrameReader.Status.Complete:
                HandleHandshakeFrame(body, now, effects);
                break;
        }
    }

    /// <summary>
    /// When the frame in progress has taken too long. Its length is not authenticated before its end: one that was changed on
    /// the way would swallow what follows for as long as keep-alive frames trickle in, and no silence would ever show it.
    /// A little more than the silence that closes a link, so that a mere silence is told as one.
    /// </summary>
    private Instant FrameDeadline
    {
        get
        {
            if (!_frames.IsWithinFrame || _options.ReceiveTimeout is not { } silence)
            {
                return Instant.Never;
            }

            var patience = silence + (silence / 4);
            var whole = TimeSpan.FromTicks(_frames.Length * TimeSpan.TicksPerSecond / LinkOptions.SlowestFrameRate);
            return Instant.Min(_frameGrew + patience, _frameBegan + patience + whole);
        }
    }

    private void OpenFrame(ReadOnlySpan<byte> body, Instant now, IEffectSink<LinkEffect> effects)
    {
        var length = body.Length - SealOverhead;
        var buffer = PlainBuffer.Rent(length);
        try
        {
            if (!_pull!.Pull(body, buffer.AsSpan(0, length)))
            {
                End(LinkCloseReason.FrameNotAuthentic, $"a frame of {body.Length} bytes does not authenticate", effects);
            }
            else if (length > 0)
            {
                HandlePlaintext(buffer.AsMemory(0, length), now, effects);
            }
        }
        finally
        {
            PlainBuffer.Return(buffer, length);
        }
    }

    private void SealFrame(ReadOnlySpan<byte> plaintext, Instant now, IEffectSink<LinkEffect> effects)
    {
        // Whoever received an earlier effect of the same call may have closed the link.
        if (_phase == Phase.Closed)
        {
            return;
        }

        var body = plaintext.Length + SealOverhead;
        var bytes = ArrayPool<byte>.Shared.Rent(FrameReader.HeaderSize + body);
        _push!.Push(plaintext, PlainFrame(bytes, 0, body));
        Emit(bytes, FrameReader.HeaderSize + body, now, effects);
    }

    /// <summary>Writes a frame's length at <paramref name="offset"/> and gives the room for its body.</summary>
    private static Span<byte> PlainFrame(byte[] bytes, int offset, int length)
    {
        bytes[offset] = (byte)length;
        bytes[offset + 1] = (byte)(length >> 8);
        bytes[offset + 2] = (byte)(length >> 16);
        return bytes.AsSpan(offset + FrameReader.HeaderSize, length);
    }

    private void Emit(byte[] bytes, int length, Instant now, IEffectSink<LinkEffect> effects)
    {
        _lastWrite = now;
        BytesSent += length;
        effects.Add(new LinkEffect.SendBytes(bytes.AsMemory(0, length)));
    }

    /// <summary>Leaves the frame buffer to <see cref="Receive"/> while that still reads from it.</summary>
    private void ReleaseBuffers()
    {
        if (!_receiving)
        {
            _frames.Release();
        }

        ReleaseBatch();
    }
}
