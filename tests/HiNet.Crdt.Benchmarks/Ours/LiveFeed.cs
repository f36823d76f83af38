using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Cryptography;

namespace HiNet.Crdt.Benchmarks.Ours;

/// <summary>
/// A peer over TCP that hands over entries as they are, one message each, without the gathering into runs that a real node
/// does behind a history: what many people who write at the same time look like to a receiver. It does little else, so that
/// the receiver has the machine to itself. It keeps to the receiver's window.
/// </summary>
internal sealed class LiveFeed : IEffectSink<LinkEffect>, IDisposable
{
    private const int ProveType = 0;
    private const int SegmentsType = 4;
    private const int ConsumedType = 5;

    private static readonly ICryptography Cryptography = SodiumCryptography.Instance;

    private readonly HomeSecrets _secrets;
    private readonly ConversationId _conversation;
    private readonly byte[] _controlKey = new byte[32];
    private readonly NodeKeyPair _keys;
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly LinkMachine _machine;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly long _started = Stopwatch.GetTimestamp();
    private LinkChannel? _channel;
    private ReadOnlyMemory<byte> _handshakeHash;
    private bool _isProved;
    private long _unconsumed;

    /// <param name="secrets">Whose device this is.</param>
    /// <param name="receiver">The card of the other person in the conversation.</param>
    /// <param name="conversation">The direct conversation of the two.</param>
    public LiveFeed(HomeSecrets secrets, DeviceCard receiver, ConversationId conversation)
    {
        _secrets = secrets;
        _conversation = conversation;
        var pair = PairSecret.Derive(
            Cryptography, secrets.AgreementSecret.Span, secrets.Identity, receiver.Certificate.Agreement, receiver.Identity)!.Value;
        Cryptography.Blake2bJoined(EngineDomains.DirectControlKey, conversation.ToArray(), _controlKey, pair.ToArray());
        _keys = NodeKeyPair.FromSeed(Cryptography, secrets.NodeSeed.Span);
        _machine = new LinkMachine(Cryptography, _keys, isInitiator: true, LinkOptions.Default, Now);
    }

    private Instant Now => new((long)Stopwatch.GetElapsedTime(_started).TotalMicroseconds);

    /// <summary>Links, opens the conversation's channel and proves the device. Blocks.</summary>
    public void Connect(string address)
    {
        _socket.Connect(IPEndPoint.Parse(address));
        _machine.Start(Now, this);
        while (!_isProved)
        {
            Receive();
        }
    }

    /// <summary>Hands over messages of segments, as many in a frame as fit. Blocks while the receiver has no room.</summary>
    public void Send(IEnumerable<byte[]> segments)
    {
        foreach (var chunk in segments.Chunk(100))
        {
            while (_unconsumed >= Core.Engine.Limits.SegmentWindowBytes)
            {
                Receive();
            }

            _machine.Cork();
            foreach (var segment in chunk)
            {
                _unconsumed += segment.Length;
                _machine.Send(_channel!, SegmentsType, segment, Now, this);
            }

            _machine.Uncork(Now, this);
        }
    }

    void IEffectSink<LinkEffect>.Add(LinkEffect effect)
    {
        switch (effect)
        {
            case LinkEffect.SendBytes send:
                _socket.Send(send.Bytes.Span);
                break;
            case LinkEffect.LinkEstablished established:
                _handshakeHash = established.HandshakeHash;
                Open();
                break;
            case LinkEffect.ChannelRequested requested:
                _machine.Reject(requested.Channel, Now, this);
                break;
            case LinkEffect.ChannelOpened opened when opened.Channel == _channel:
                Prove();
                break;
            case LinkEffect.MessageReceived { Type: ProveType } message when message.Channel == _channel:
                _isProved = true;
                break;
            case LinkEffect.MessageReceived { Type: ConsumedType } message when message.Channel == _channel:
                _unconsumed -= (long)Consumed.Parser.ParseFrom(message.Payload.Span).Bytes;
                break;
            case LinkEffect.CloseStream close:
                throw new InvalidOperationException($"The link ended: {close.Detail}.");
            default:
                break;
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _machine.Dispose();
        _keys.Dispose();
    }

    private void Receive()
    {
        var length = _socket.Receive(_buffer);
        if (length == 0)
        {
            throw new InvalidOperationException("The receiver closed the link.");
        }

        _machine.Receive(_buffer.AsSpan(0, length), Now, this);
    }

    private void Open()
    {
        var id = ChannelSecrets.ConversationChannel(Cryptography, _handshakeHash.Span, _conversation);
        var opening = ChannelSecrets.Opening([ChannelSecrets.Proof(Cryptography, _controlKey, _handshakeHash.Span, byInitiator: true)]);
        _channel = _machine.Open(ChannelSecrets.ConversationProtocol, id, opening.ToByteArray(), Now, this);
    }

    private void Prove()
    {
        var message = ChannelSecrets.ToSign(
            EngineDomains.ChannelSignature, _handshakeHash.Span, byInitiator: true, _conversation.Value, _secrets.Device);
        var signature = new byte[64];
        Cryptography.Sign(_secrets.DeviceSecretKey.Span, message, signature);
        var prove = new Prove
        {
            Card = ByteString.CopyFrom(_secrets.Card(Cryptography).Encode()),
            Signature = ByteString.CopyFrom(signature),
            Clock = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        };
        _machine.Send(_channel!, ProveType, prove.ToByteArray(), Now, this);
    }
}
