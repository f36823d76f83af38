using System.Buffers;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Links;

public sealed partial class LinkMachine
{
    private const int StreamHeaderSize = 24;
    private const int OpeningSize = StreamIdentity.Size + StreamHeaderSize;

    private readonly byte[] _receiveKey = new byte[32];
    private byte[] _handshakeHash = [];
    private NoiseHandshake? _handshake;
    private ISecretStreamPush? _push;
    private ISecretStreamPull? _pull;

    /// <summary>The only frame lengths that are legal in this phase, so that anything else is refused before it is read.</summary>
    private (int Min, int Max) FrameBounds => _phase switch
    {
        Phase.AwaitFirst => (NoiseHandshake.FirstSize, NoiseHandshake.FirstSize),
        Phase.AwaitSecond => (NoiseHandshake.SecondSize, NoiseHandshake.SecondSize),
        Phase.AwaitThird => (NoiseHandshake.ThirdSize, NoiseHandshake.ThirdSize),
        Phase.AwaitHeader => (OpeningSize, OpeningSize),
        _ => (SealOverhead, _options.MaxFrameBody),
    };

    private void SendFirst(Instant now, IEffectSink<LinkEffect> effects)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(FrameReader.HeaderSize + NoiseHandshake.FirstSize);
        _handshake!.WriteFirst(PlainFrame(bytes, 0, NoiseHandshake.FirstSize));
        Emit(bytes, FrameReader.HeaderSize + NoiseHandshake.FirstSize, now, effects);
    }

    private void HandleHandshakeFrame(ReadOnlySpan<byte> frame, Instant now, IEffectSink<LinkEffect> effects)
    {
        switch (_phase)
        {
            case Phase.AwaitFirst:
                HandleFirst(frame, now, effects);
                break;
            case Phase.AwaitSecond:
                HandleSecond(frame, now, effects);
                break;
            case Phase.AwaitThird:
                HandleThird(frame, now, effects);
                break;
            default:
                HandleOpening(frame, effects);
                break;
        }
    }

    private void HandleFirst(ReadOnlySpan<byte> frame, Instant now, IEffectSink<LinkEffect> effects)
    {
        var handshake = _handshake!;
        handshake.ReadFirst(frame);
        var bytes = ArrayPool<byte>.Shared.Rent(FrameReader.HeaderSize + NoiseHandshake.SecondSize);
        if (!handshake.TryWriteSecond(PlainFrame(bytes, 0, NoiseHandshake.SecondSize)))
        {
            ArrayPool<byte>.Shared.Return(bytes);
            End(LinkCloseReason.HandshakeFailed, "the first handshake frame holds no usable key", effects);
            return;
        }

        _phase = Phase.AwaitThird;
        Emit(bytes, FrameReader.HeaderSize + NoiseHandshake.SecondSize, now, effects);
    }

    private void HandleSecond(ReadOnlySpan<byte> frame, Instant now, IEffectSink<LinkEffect> effects)
    {
        var handshake = _handshake!;
        if (!handshake.TryReadSecond(frame))
        {
            End(LinkCloseReason.HandshakeFailed, "the second handshake frame does not authenticate", effects);
            return;
        }

        // Judged before the third frame, so that an unwanted node never learns who dialled it.
        if (!IsWelcome(handshake.RemoteStatic, effects))
        {
            return;
        }

        const int ThirdFrame = FrameReader.HeaderSize + NoiseHandshake.ThirdSize;
        const int Total = ThirdFrame + FrameReader.HeaderSize + OpeningSize;
        var bytes = ArrayPool<byte>.Shared.Rent(Total);
        if (!handshake.TryWriteThird(PlainFrame(bytes, 0, NoiseHandshake.ThirdSize)))
        {
            ArrayPool<byte>.Shared.Return(bytes);
            End(LinkCloseReason.HandshakeFailed, "the second handshake frame holds no usable key", effects);
            return;
        }

        BeginSecretStream(PlainFrame(bytes, ThirdFrame, OpeningSize));
        Emit(bytes, Total, now, effects);
        Establish(effects);
    }

    private void HandleThird(ReadOnlySpan<byte> frame, Instant now, IEffectSink<LinkEffect> effects)
    {
        var handshake = _handshake!;
        if (!handshake.TryReadThird(frame))
        {
            End(LinkCloseReason.HandshakeFailed, "the third handshake frame does not authenticate", effects);
            return;
        }

        if (!IsWelcome(handshake.RemoteStatic, effects))
        {
            return;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(FrameReader.HeaderSize + OpeningSize);
        BeginSecretStream(PlainFrame(bytes, 0, OpeningSize));
        Emit(bytes, FrameReader.HeaderSize + OpeningSize, now, effects);
        Establish(effects);
    }

    private void Establish(IEffectSink<LinkEffect> effects)
    {
        if (_phase != Phase.Closed)
        {
            effects.Add(new LinkEffect.LinkEstablished(Remote, _handshakeHash));
        }
    }

    private bool IsWelcome(NodeId remote, IEffectSink<LinkEffect> effects)
    {
        if (remote == _keys.Id)
        {
            End(LinkCloseReason.SelfLink, "the other end has this node's own key", effects);
            return false;
        }

        if (_options.ExpectedRemote is { } expected && expected != remote)
        {
            End(LinkCloseReason.UnexpectedRemote, $"expected node {expected}, found {remote}", effects);
            return false;
        }

        return true;
    }

    /// <summary>Takes the keys out of the finished handshake and writes our identity and header to <paramref name="opening"/>.</summary>
    private void BeginSecretStream(Span<byte> opening)
    {
        var handshake = _handshake!;
        Span<byte> initiatorKey = stackalloc byte[32];
        Span<byte> responderKey = stackalloc byte[32];
        handshake.Split(initiatorKey, responderKey);
        Remote = handshake.RemoteStatic;
        _handshakeHash = handshake.Hash.ToArray();
        (_isInitiator ? responderKey : initiatorKey).CopyTo(_receiveKey);
        StreamIdentity.Compute(_cryptography, _handshakeHash, _isInitiator, opening[..StreamIdentity.Size]);
        _push = _cryptography.CreatePush(_isInitiator ? initiatorKey : responderKey, opening[StreamIdentity.Size..]);
        _cryptography.Wipe(initiatorKey);
        _cryptography.Wipe(responderKey);
        handshake.Dispose();
        _handshake = null;
        _phase = Phase.AwaitHeader;
    }

    private void HandleOpening(ReadOnlySpan<byte> frame, IEffectSink<LinkEffect> effects)
    {
        Span<byte> expected = stackalloc byte[StreamIdentity.Size];
        StreamIdentity.Compute(_cryptography, _handshakeHash, !_isInitiator, expected);
        if (!frame[..StreamIdentity.Size].SequenceEqual(expected))
        {
            End(LinkCloseReason.StreamIdentityMismatch, "the secret stream opens with another identity than this handshake's", effects);
            return;
        }

        _pull = _cryptography.CreatePull(_receiveKey, frame[StreamIdentity.Size..]);
        _cryptography.Wipe(_receiveKey);
        _phase = Phase.Established;
    }
}
