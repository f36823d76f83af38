using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using HiNet.Crdt.Core.Sync;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>
/// One end of a real link on which nothing has to be honest: the handshake and the frames are, what is said on the
/// conversation's channel is up to the test. Pulls nothing, and answers nothing but proofs.
/// </summary>
internal sealed class HostilePeer : IEffectSink<LinkEffect>
{
    public const int ProveType = 0;
    public const int SummaryType = 1;
    public const int FrontierType = 2;
    public const int PullType = 3;
    public const int SegmentsType = 4;
    public const int ConsumedType = 5;
    public const int CaughtUpType = 6;

    private readonly LoopbackWorld _world;
    private readonly HomeSecrets _secrets;
    private readonly LoopbackNode _victim;
    private readonly bool _isInitiator;
    private readonly LinkId _victimLink;
    private readonly NodeKeyPair _keys;
    private LinkChannel? _channel;

    public HostilePeer(LoopbackWorld world, HomeSecrets secrets, LoopbackNode victim, ConversationId conversation, byte[] secret, bool isInitiator = true)
    {
        (_world, _secrets, _victim, _isInitiator) = (world, secrets, victim, isInitiator);
        (Conversation, Secret) = (conversation, secret);
        _victimLink = world.NextLink();
        _keys = NodeKeyPair.FromSeed(LoopbackNode.Cryptography, BitConverter.GetBytes(_victimLink.Value).Concat(new byte[24]).ToArray());
        Machine = new LinkMachine(LoopbackNode.Cryptography, _keys, isInitiator, LinkOptions.Default, world.Now);
    }

    public LinkMachine Machine { get; }

    public ConversationId Conversation { get; }

    /// <summary>What it proves to know: the control key, if it is a member's.</summary>
    public byte[] Secret { get; }

    /// <summary>Whether it proves its device when it is its turn.</summary>
    public bool Proves { get; init; } = true;

    /// <summary>Changes the proof of the device before it is sent.</summary>
    public Action<Prove>? Forge { get; init; }

    /// <summary>What came on the conversation's channel.</summary>
    public List<(int Type, byte[] Payload)> Received { get; } = [];

    public ReadOnlyMemory<byte> HandshakeHash { get; private set; }

    public bool IsLinked => _victim.Ends.ContainsKey(_victimLink);

    /// <summary>The victim refused the channel, or closed it.</summary>
    public bool IsShutOut { get; private set; }

    public bool IsOpen => _channel is { State: LinkChannelState.Open };

    public HostilePeer Link()
    {
        _victim.Ends[_victimLink] = new LoopbackEnd(
            null, bytes => _world.Enqueue(() => Machine.Receive(bytes, _world.Now, this)), _ => _world.Enqueue(() => Machine.EndStream(this)));
        _victim.Input(new NodeInput.LinkOpened(_victimLink, !_isInitiator, null));
        Machine.Start(_world.Now, this);
        _world.Run();
        return this;
    }

    public void Unlink()
    {
        _victim.EndLink(_victimLink, "the peer went away");
        _world.Run();
    }

    public void Send(int type, byte[] payload)
    {
        Machine.Send(_channel!, type, payload, _world.Now, this);
        _world.Run();
    }

    public void Send(params SignedRun[] runs) => Send(SegmentsType, Segments(runs));

    public static byte[] Segments(params SignedRun[] runs)
    {
        var writer = new SegmentWriter();
        foreach (var run in runs)
        {
            writer.Write(run);
        }

        return writer.Written.ToArray();
    }

    /// <summary>Bytes that no link machine would send.</summary>
    public void SendRaw(byte[] bytes)
    {
        _victim.Input(new NodeInput.BytesReceived(_victimLink, bytes));
        _world.Run();
    }

    /// <summary>Says that it is still there, when its link's silence is long enough.</summary>
    public void KeepAlive()
    {
        if (_world.Now >= Machine.Deadline)
        {
            Machine.HandleDeadline(_world.Now, this);
        }

        _world.Run();
    }

    public void Prove()
    {
        var message = ChannelSecrets.ToSign(
            EngineDomains.ChannelSignature, HandshakeHash.Span, _isInitiator, Conversation.Value, _secrets.Device);
        var signature = new byte[64];
        LoopbackNode.Cryptography.Sign(_secrets.DeviceSecretKey.Span, message, signature);
        var prove = new Prove
        {
            Card = ByteString.CopyFrom(_secrets.Card(LoopbackNode.Cryptography).Encode()),
            Signature = ByteString.CopyFrom(signature),
            Clock = (ulong)_world.Wall,
        };
        Forge?.Invoke(prove);
        Machine.Send(_channel!, ProveType, prove.ToByteArray(), _world.Now, this);
    }

    public void Add(LinkEffect effect)
    {
        switch (effect)
        {
            case LinkEffect.SendBytes send:
                _victim.Input(new NodeInput.BytesReceived(_victimLink, send.Bytes.ToArray()));
                break;
            case LinkEffect.LinkEstablished established:
                HandshakeHash = established.HandshakeHash;
                _channel = Machine.Open(ChannelSecrets.ConversationProtocol, Id(), Opening(), _world.Now, this);
                break;
            case LinkEffect.ChannelRequested requested when requested.Channel.Id.Span.SequenceEqual(Id()):
                _channel = requested.Channel;
                Machine.Accept(requested.Channel, Opening(), _world.Now, this);
                break;
            case LinkEffect.ChannelOpened opened when opened.Channel == _channel && Proves && _isInitiator:
                Prove();
                break;
            case LinkEffect.MessageReceived message when message.Channel == _channel:
                Received.Add((message.Type, message.Payload.ToArray()));
                if (message.Type == ProveType && Proves && !_isInitiator)
                {
                    Prove();
                }

                break;
            case LinkEffect.ChannelRejected or LinkEffect.ChannelClosed:
                IsShutOut = true;
                break;
            default:
                break;
        }
    }

    private byte[] Id() => ChannelSecrets.ConversationChannel(LoopbackNode.Cryptography, HandshakeHash.Span, Conversation);

    private byte[] Opening() => ChannelSecrets.Opening(
        [ChannelSecrets.Proof(LoopbackNode.Cryptography, Secret, HandshakeHash.Span, _isInitiator)]).ToByteArray();
}
