using Google.Protobuf;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Simulation.Adversaries;

/// <summary>
/// A link on which handshake and frames are the engine's own, and nothing else has to be honest. Pulls nothing and answers
/// nothing but proofs, unless its attacker does.
/// </summary>
internal sealed class ChannelLink : HostileLink, IEffectSink<LinkEffect>
{
    private readonly Attacker _attacker;
    private readonly LinkMachine _link;
    private readonly IReadOnlyList<MemberWriter> _writers;
    private readonly List<HostileChannel> _channels = [];
    private readonly Action<HostileChannel>? _ready;
    private readonly Action<ChannelLink>? _established;
    private Instant _now;
    private Instant _nextDrip = Instant.Never;

    public ChannelLink(
        AdversaryMachine machine,
        LinkId id,
        Attacker attacker,
        IReadOnlyList<MemberWriter> writers,
        Action<HostileChannel>? ready,
        Action<ChannelLink>? established = null)
        : base(machine, id)
    {
        _attacker = attacker;
        _writers = writers;
        _ready = ready;
        _established = established;
        _now = machine.Now;
        var options = LinkOptions.Default with { MaxChannels = 1 << 14, ReceiveTimeout = null };
        _link = new LinkMachine(attacker.Cryptography, attacker.FreshKeys(), isInitiator: true, options, _now);
    }

    public override Instant Deadline => Instant.Min(Leaves, Instant.Min(_link.Deadline, _nextDrip));

    /// <summary>How often segments without an entry are sent on every channel, once one is ready; null for never.</summary>
    public TimeSpan? Drips { get; init; }

    /// <summary>After so many more bytes this end falls silent, in the middle of a frame if it comes to that.</summary>
    public int? SilentAfter { get; set; }

    public ReadOnlyMemory<byte> HandshakeHash { get; private set; }

    public bool CanOpen => _link.IsEstablished && _link.CanOpen;

    /// <summary>Everything that the other end sent.</summary>
    public List<byte[]>? Heard { get; set; }

    public override void Opened(Instant now)
    {
        _now = now;
        _link.Start(now, this);
    }

    public override void Received(ReadOnlyMemory<byte> bytes, Instant now)
    {
        _now = now;
        Heard?.Add(bytes.ToArray());
        _link.Receive(bytes.Span, now, this);
    }

    public override void HandleDeadline(Instant now)
    {
        _now = now;
        base.HandleDeadline(now);
        if (now >= _link.Deadline)
        {
            _link.HandleDeadline(now, this);
        }

        if (now >= _nextDrip)
        {
            DripLater();
            _channels.ForEach(channel => Send(channel, HostileChannel.SegmentsType, []));
        }
    }

    public override void Dispose() => _link.Dispose();

    public override void SendRaw(ReadOnlyMemory<byte> bytes)
    {
        if (SilentAfter is { } left)
        {
            var some = Math.Min(left, bytes.Length);
            SilentAfter = left - some;
            bytes = bytes[..some];
        }

        if (!bytes.IsEmpty)
        {
            base.SendRaw(bytes);
        }
    }

    public void Send(HostileChannel channel, int type, byte[] payload)
    {
        if (channel.IsOpen)
        {
            _link.Send(channel.Channel!, type, payload, _now, this);
        }
    }

    /// <summary>Opens a channel that no protocol knows, or one of a protocol under an id that means nothing.</summary>
    public void OpenAny(string protocol, byte[] id, byte[] opening)
    {
        if (CanOpen)
        {
            _link.Open(protocol, id, opening, _now, this);
        }
    }

    public void Add(LinkEffect effect)
    {
        switch (effect)
        {
            case LinkEffect.SendBytes send:
                SendRaw(send.Bytes);
                break;
            case LinkEffect.LinkEstablished established:
                HandshakeHash = established.HandshakeHash;
                if (_attacker.IsActing)
                {
                    OpenAll();
                    _established?.Invoke(this);
                }

                break;
            case LinkEffect.ChannelRequested requested:
                Requested(requested.Channel);
                break;
            case LinkEffect.ChannelOpened opened when Find(opened.Channel) is { HasProved: false } channel:
                Prove(channel);
                break;
            case LinkEffect.MessageReceived message when Find(message.Channel) is { } channel:
                Received(channel, message.Type, message.Payload.ToArray());
                break;
            case LinkEffect.CloseStream:
                Close();
                break;
            default:
                break;
        }
    }

    private void Received(HostileChannel channel, int type, byte[] payload)
    {
        if (type == HostileChannel.ProveType && _attacker.IsActing)
        {
            _ready?.Invoke(channel);
            DripLater();
        }

        _attacker.Heard(channel, type, payload);
    }

    private void DripLater() => _nextDrip = Drips is { } pause && _attacker.IsActing ? _now + pause : Instant.Never;

    private void OpenAll()
    {
        foreach (var writer in _writers)
        {
            var channel = new HostileChannel(this, writer);
            _channels.Add(channel);
            channel.Channel = _link.Open(ChannelSecrets.ConversationProtocol, IdOf(writer), OpeningOf(writer), _now, this);
        }
    }

    private void Requested(LinkChannel requested)
    {
        if (requested.State != LinkChannelState.Requested)
        {
            return;
        }

        if (_channels.Find(channel => channel.Channel is null && requested.Id.Span.SequenceEqual(IdOf(channel.Writer))) is { } own)
        {
            own.Channel = requested;
            _link.Accept(requested, OpeningOf(own.Writer), _now, this);
        }
        else
        {
            _link.Reject(requested, _now, this);
        }
    }

    private void Prove(HostileChannel channel)
    {
        channel.HasProved = true;
        var secrets = _attacker.Secrets;
        var message = ChannelSecrets.ToSign(
            EngineDomains.ChannelSignature, HandshakeHash.Span, byInitiator: true, channel.Writer.Conversation.Value, secrets.Device);
        var signature = new byte[64];
        _attacker.Cryptography.Sign(secrets.DeviceSecretKey.Span, message, signature);
        var prove = new Prove
        {
            Card = ByteString.CopyFrom(secrets.Card(_attacker.Cryptography).Encode()),
            Signature = ByteString.CopyFrom(signature),
            Clock = (ulong)_attacker.ClaimedClock(),
        };
        _attacker.Forge(prove);
        channel.Send(HostileChannel.ProveType, prove.ToByteArray());
    }

    private HostileChannel? Find(LinkChannel channel) => _channels.Find(own => own.Channel == channel);

    private byte[] IdOf(MemberWriter writer) =>
        ChannelSecrets.ConversationChannel(_attacker.Cryptography, HandshakeHash.Span, writer.Conversation);

    private byte[] OpeningOf(MemberWriter writer) => ChannelSecrets.Opening(
        [ChannelSecrets.Proof(_attacker.Cryptography, writer.ControlKey, HandshakeHash.Span, byInitiator: true)]).ToByteArray();
}
