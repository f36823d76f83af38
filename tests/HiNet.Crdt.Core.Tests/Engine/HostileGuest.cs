using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Tests.Engine;

/// <summary>
/// One end of a real link on which first contact is made by hand, from either side of an invite: it knocks, or waits to be knocked
/// at, and says nothing that the test does not have it say.
/// </summary>
internal sealed class HostileGuest : IEffectSink<LinkEffect>
{
    public const int IntroductionType = 0;
    public const int RefusalType = 1;

    private readonly LoopbackWorld _world;
    private readonly LoopbackNode _victim;
    private readonly bool _knocks;
    private readonly LinkId _victimLink;
    private LinkChannel? _channel;
    private ReadOnlyMemory<byte> _handshakeHash;

    public HostileGuest(LoopbackWorld world, LoopbackNode victim, string invite, bool knocks)
    {
        (_world, _victim, _knocks) = (world, victim, knocks);
        Core.Identity.Invite.TryParse(invite, out var parsed, out _).ShouldBeTrue();
        Invite = parsed!;
        _victimLink = world.NextLink();
        var keys = NodeKeyPair.FromSeed(LoopbackNode.Cryptography, BitConverter.GetBytes(_victimLink.Value).Concat(new byte[24]).ToArray());
        Machine = new LinkMachine(LoopbackNode.Cryptography, keys, isInitiator: true, LinkOptions.Default, world.Now);
    }

    public LinkMachine Machine { get; }

    public Invite Invite { get; }

    /// <summary>What it proves to know instead of the invite's secret.</summary>
    public byte[]? Secret { get; init; }

    public List<(int Type, Introduction Introduction)> Received { get; } = [];

    /// <summary>How often the victim has knocked with the invite.</summary>
    public int Knocks { get; private set; }

    /// <summary>The victim refused the channel, or closed it.</summary>
    public bool IsShutOut { get; private set; }

    public bool IsOpen => _channel is { State: LinkChannelState.Open };

    public bool IsLinked => _victim.Ends.ContainsKey(_victimLink);

    public HostileGuest Link()
    {
        _victim.Ends[_victimLink] = new LoopbackEnd(
            null, bytes => _world.Enqueue(() => Machine.Receive(bytes, _world.Now, this)), _ => _world.Enqueue(() => Machine.EndStream(this)));
        _victim.Input(new NodeInput.LinkOpened(_victimLink, false, null));
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

    public void Send(int type, Introduction introduction) => Send(type, introduction.ToByteArray());

    /// <summary>An honest introduction, or refusal, of someone on this link.</summary>
    public Introduction Introduce(HomeSecrets secrets, int type = IntroductionType) =>
        Introduce(secrets.Card(LoopbackNode.Cryptography), secrets.DeviceSecretKey.Span, type);

    /// <summary>The same with any card, signed by its device.</summary>
    public Introduction Introduce(DeviceCard card, ReadOnlySpan<byte> deviceSecretKey, int type = IntroductionType) => new()
    {
        Card = ByteString.CopyFrom(card.Encode()),
        Signature = ByteString.CopyFrom(Sign(card.Device, deviceSecretKey, type)),
    };

    /// <summary>Whether an introduction of the victim's was signed for this link and purpose.</summary>
    public bool IsSigned(Introduction introduction, int type) => LoopbackNode.Cryptography.Verify(
        _victim.Secrets.Device.ToArray(), ToSign(type, _victim.Secrets.Device, byInitiator: false), introduction.Signature.Span);

    public void Add(LinkEffect effect)
    {
        switch (effect)
        {
            case LinkEffect.SendBytes send:
                _victim.Input(new NodeInput.BytesReceived(_victimLink, send.Bytes.ToArray()));
                break;
            case LinkEffect.LinkEstablished established:
                _handshakeHash = established.HandshakeHash;
                _channel = _knocks ? Machine.Open(ChannelSecrets.InviteProtocol, Id(), Opening(), _world.Now, this) : null;
                break;
            case LinkEffect.ChannelRequested requested when requested.Channel.Id.Span.SequenceEqual(Id()):
                Knocks++;
                _channel = requested.Channel;
                Machine.Accept(requested.Channel, Opening(), _world.Now, this);
                break;
            case LinkEffect.MessageReceived message when message.Channel == _channel:
                Received.Add((message.Type, Introduction.Parser.ParseFrom(message.Payload.Span)));
                break;
            case LinkEffect.ChannelRejected { Channel: var channel } when channel == _channel:
            case LinkEffect.ChannelClosed { Channel: var closed } when closed == _channel:
                IsShutOut = true;
                break;
            default:
                break;
        }
    }

    private byte[] Sign(DeviceId device, ReadOnlySpan<byte> deviceSecretKey, int type)
    {
        var signature = new byte[64];
        LoopbackNode.Cryptography.Sign(deviceSecretKey, ToSign(type, device, byInitiator: true), signature);
        return signature;
    }

    private byte[] ToSign(int type, DeviceId device, bool byInitiator)
    {
        byte[] domain = type == RefusalType ? [.. "hinet/v1/invite-refusal"u8] : [.. "hinet/v1/invite-signature"u8];
        var role = byInitiator ? (byte)1 : (byte)2;
        return [.. domain, .. _handshakeHash.Span, role, .. Invite.Id(LoopbackNode.Cryptography).ToArray(), .. device.ToArray()];
    }

    private byte[] Id() => ChannelSecrets.InviteChannel(LoopbackNode.Cryptography, _handshakeHash.Span, Invite.Id(LoopbackNode.Cryptography));

    private byte[] Opening() => ChannelSecrets.Opening(
        [ChannelSecrets.Proof(LoopbackNode.Cryptography, Secret ?? Invite.Secret.ToArray(), _handshakeHash.Span, byInitiator: true)]).ToByteArray();
}
