using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Links;

/// <summary>
/// One link: Noise XX, secret stream and channels over one byte stream, as <c>specs/02-links.md</c> states them. What the
/// remote does wrong closes a channel or the link with a reason, and never throws. The methods are what
/// <see cref="Handle"/> forwards to; call either. Back-pressure is the owner's: stop feeding bytes to stop messages.
/// After <see cref="LinkEffect.CloseStream"/> every call is legal and does nothing. Not thread-safe.
/// </summary>
public sealed partial class LinkMachine : IStateMachine<LinkInput, LinkEffect>, IDisposable
{
    private readonly ICryptography _cryptography;
    private readonly NodeKeyPair _keys;
    private readonly LinkOptions _options;
    private readonly Instant _handshakeDeadline;
    private readonly bool _isInitiator;
    private Phase _phase;
    private Instant _lastWrite;
    private Instant _lastRead;

    /// <param name="cryptography">The primitives.</param>
    /// <param name="keys">The node's own pair; stays the caller's to dispose.</param>
    /// <param name="isInitiator">True at the end that dialled; the two ends must differ.</param>
    /// <param name="options">Bounds and intervals.</param>
    /// <param name="now">The handshake's deadline counts from here.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public LinkMachine(ICryptography cryptography, NodeKeyPair keys, bool isInitiator, LinkOptions options, Instant now)
    {
        ArgumentNullException.ThrowIfNull(cryptography);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _cryptography = cryptography;
        _keys = keys;
        _options = options;
        _isInitiator = isInitiator;
        _handshakeDeadline = now + options.HandshakeTimeout;
        _lastWrite = now;
        _lastRead = now;
        _handshake = new NoiseHandshake(cryptography, keys);
        _phase = isInitiator ? Phase.Unstarted : Phase.AwaitFirst;
    }

    private enum Phase
    {
        Unstarted,
        AwaitFirst,
        AwaitSecond,
        AwaitThird,
        AwaitHeader,
        Established,
        Closed,
    }

    public bool IsInitiator => _isInitiator;

    /// <summary>True from <see cref="LinkEffect.LinkEstablished"/> to <see cref="LinkEffect.CloseStream"/>.</summary>
    public bool IsEstablished => _push is not null && _phase != Phase.Closed;

    public bool IsClosed => _phase == Phase.Closed;

    /// <summary>Who is at the other end; zero before <see cref="LinkEffect.LinkEstablished"/>.</summary>
    public NodeId Remote { get; private set; }

    /// <summary>Bytes handed out in <see cref="LinkEffect.SendBytes"/> so far.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Bytes taken in by <see cref="Receive"/> so far.</summary>
    public long BytesReceived { get; private set; }

    /// <inheritdoc/>
    public Instant Deadline
    {
        get
        {
            if (_phase == Phase.Closed)
            {
                return Instant.Never;
            }

            if (_phase != Phase.Established)
            {
                return _handshakeDeadline;
            }

            var deadline = KeepAliveDeadline;
            deadline = Instant.Min(deadline, FrameDeadline);
            return _options.ReceiveTimeout is { } silence ? Instant.Min(deadline, _lastRead + silence) : deadline;
        }
    }

    // On a grid that all links of a node have in common, so that one with hundreds of them is woken once for many.
    private Instant KeepAliveDeadline
    {
        get
        {
            if (_options.KeepAlive is not { } idle)
            {
                return Instant.Never;
            }

            var latest = _lastWrite + idle;
            var grid = Math.Max(1, idle.Ticks / TimeSpan.TicksPerMicrosecond / 3);
            return new Instant(latest.Microseconds - (latest.Microseconds % grid));
        }
    }

    /// <inheritdoc/>
    public void HandleDeadline(Instant now, IEffectSink<LinkEffect> effects)
    {
        if (now < Deadline)
        {
            return;
        }

        if (_phase != Phase.Established)
        {
            End(LinkCloseReason.HandshakeTimeout, $"no handshake within {_options.HandshakeTimeout.TotalSeconds} s", effects);
        }
        else if (_options.ReceiveTimeout is { } silence && now >= _lastRead + silence)
        {
            End(LinkCloseReason.ReceiveTimeout, $"nothing arrived for {silence.TotalSeconds} s", effects);
        }
        else if (now >= FrameDeadline)
        {
            End(LinkCloseReason.FrameTimeout, $"a frame of {_frames.Length} bytes was announced and did not arrive in time", effects);
        }
        else
        {
            SealFrame([], now, effects);
        }
    }

    /// <inheritdoc/>
    public void Handle(LinkInput input, Instant now, IEffectSink<LinkEffect> effects)
    {
        switch (input)
        {
            case LinkInput.Started:
                Start(now, effects);
                break;
            case LinkInput.BytesReceived received:
                Receive(received.Bytes.Span, now, effects);
                break;
            case LinkInput.StreamEnded:
                EndStream(effects);
                break;
            case LinkInput.OpenChannel open:
                Open(open.Protocol, open.Id.Span, open.Handshake.Span, now, effects);
                break;
            case LinkInput.AcceptChannel accept:
                Accept(accept.Channel, accept.Handshake.Span, now, effects);
                break;
            case LinkInput.RejectChannel reject:
                Reject(reject.Channel, now, effects);
                break;
            case LinkInput.SendMessage send:
                Send(send.Channel, send.Type, send.Payload.Span, now, effects);
                break;
            case LinkInput.Corked:
                Cork();
                break;
            case LinkInput.Uncorked:
                Uncork(now, effects);
                break;
            case LinkInput.CloseChannel close:
                CloseChannel(close.Channel, now, effects);
                break;
            case LinkInput.CloseLink close:
                Close(close.Reason, close.Detail, now, effects);
                break;
            default:
                throw new ArgumentException($"{input?.GetType().Name ?? "null"} is no input of a link.", nameof(input));
        }
    }

    /// <summary>Begins: the initiator sends the first handshake frame. A second call does nothing.</summary>
    public void Start(Instant now, IEffectSink<LinkEffect> effects)
    {
        if (_phase == Phase.Unstarted)
        {
            _phase = Phase.AwaitSecond;
            SendFirst(now, effects);
        }
    }

    /// <summary>The byte stream ended or broke; the link closes as <see cref="LinkCloseReason.StreamEnded"/>.</summary>
    public void EndStream(IEffectSink<LinkEffect> effects) =>
        End(LinkCloseReason.StreamEnded, _frames.Length > 0 ? "the stream ended within a frame" : "the stream ended", effects);

    /// <summary>Sends what is corked, then ends the link and all its channels.</summary>
    public void Close(LinkCloseReason reason, string detail, Instant now, IEffectSink<LinkEffect> effects)
    {
        ArgumentNullException.ThrowIfNull(detail);
        if (_phase != Phase.Closed && _push is not null)
        {
            FlushBatch(now, effects);
        }

        End(reason, detail, effects);
    }

    /// <summary>Overwrites the link's secrets and gives its buffers back. Says nothing to the remote; the link is closed afterwards.</summary>
    public void Dispose()
    {
        _phase = Phase.Closed;
        ReleaseSecrets();
        ReleaseBuffers();
    }

    private void End(LinkCloseReason reason, string detail, IEffectSink<LinkEffect> effects)
    {
        if (_phase == Phase.Closed)
        {
            return;
        }

        _phase = Phase.Closed;
        ReleaseSecrets();
        ReleaseBuffers();
        CloseAllChannels(effects);
        effects.Add(new LinkEffect.CloseStream(reason, detail));
    }

    private void ReleaseSecrets()
    {
        _handshake?.Dispose();
        _handshake = null;
        _push?.Dispose();
        _pull?.Dispose();
        _cryptography.Wipe(_receiveKey);
    }
}
