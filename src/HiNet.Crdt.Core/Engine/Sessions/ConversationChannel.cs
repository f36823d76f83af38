using Google.Protobuf;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>
/// One conversation on one link. Nothing but proofs passes until each end has seen that the other's device is a member's, in its
/// own view; then frontiers are compared, what is missing is pulled, and what is new is passed on.
/// </summary>
internal sealed partial class ConversationChannel
{
    private const int ProveType = 0;
    private const int SummaryType = 1;
    private const int FrontierType = 2;
    private const int PullType = 3;
    private const int SegmentsType = 4;
    private const int ConsumedType = 5;
    private const int CaughtUpType = 6;
    private const int WantType = 7;
    private const int BodiesType = 8;
    private const int RestingType = 9;

    private readonly LinkSession _session;
    private readonly NodeServices _services;
    private readonly ISessionHost _host;
    private readonly LinkChannel _channel;
    private bool _hasProved;
    private bool _wasMember;

    // What the other end's clock said, and when; it counts once that end is known to be a member's.
    private long _clock;
    private Instant _clockRead;

    public ConversationChannel(LinkSession session, LinkChannel channel, Replica replica, NodeServices services, ISessionHost host)
    {
        _session = session;
        _channel = channel;
        _services = services;
        _host = host;
        Replica = replica;
        _remote = new RemoteState(services, device => Replica.TryGetDevice(device, out var log) ? log : null);
        _outbound = new OutboundRuns(replica, _remote, services);
        _bodies = new BodyRequests(replica.Absent);
    }

    public Replica Replica { get; }

    public LinkSession Session => _session;

    /// <summary>Both ends have shown their devices and found them authorised.</summary>
    public bool IsReady { get; private set; }

    /// <summary>It makes no room for others before: the other end wanted it back, and has brought nothing yet.</summary>
    public Instant RestsFrom { get; set; }

    /// <summary>Who is at the other end; known once it has proved its device.</summary>
    public IdentityId? RemoteIdentity { get; private set; }

    public DeviceId? RemoteDevice { get; private set; }

    /// <summary>Both ends opened the channel: a secret in common admits to a knock, which the initiator gives first.</summary>
    public void Opened(ReadOnlySpan<byte> remoteOpening, Instant now)
    {
        var expected = ChannelSecrets.ExpectedProofs(
            _services.Cryptography, Replica, _session.HandshakeHash.Span, byInitiator: !_session.IsInitiator);
        if (!ChannelSecrets.HasCommon(remoteOpening, expected))
        {
            _services.Marks.Hit("channel.nothing.common");
            Close(now);
            return;
        }

        if (_session.IsInitiator)
        {
            Prove(now);
        }
    }

    public void Received(int type, ReadOnlyMemory<byte> payload, Instant now)
    {
        try
        {
            if (type == ProveType)
            {
                ReceiveProve(Protocol.Prove.Parser.ParseFrom(payload.Span), now);
                return;
            }

            if (!IsReady)
            {
                Misbehave("early-message", $"message {type} before the device was proved", now);
                return;
            }

            switch (type)
            {
                case SummaryType:
                    ReceiveSummary(payload.Span, now);
                    break;
                case FrontierType:
                    ReceiveFrontier(payload.Span, now);
                    break;
                case PullType:
                    ReceivePull(Protocol.Pull.Parser.ParseFrom(payload.Span), now);
                    break;
                case SegmentsType:
                    ReceiveSegments(payload.Span, now);
                    break;
                case ConsumedType:
                    ReceiveConsumed(Consumed.Parser.ParseFrom(payload.Span), now);
                    break;
                case CaughtUpType:
                    ReceiveCaughtUp(CaughtUp.Parser.ParseFrom(payload.Span), now);
                    break;
                case WantType:
                    ReceiveWant(Want.Parser.ParseFrom(payload.Span), now);
                    break;
                case BodiesType:
                    ReceiveBodies(Protocol.Bodies.Parser.ParseFrom(payload.Span), now);
                    break;
                case RestingType:
                    OtherRests = true;
                    break;
                default:
                    // A newer peer's message: not ours to understand.
                    break;
            }
        }
        catch (InvalidProtocolBufferException)
        {
            Misbehave("malformed-message", $"message {type} cannot be parsed", now);
        }
    }

    /// <summary>This end has opened it, and the other has not answered.</summary>
    public bool IsOpening => _channel.State == LinkChannelState.Opening;

    /// <summary>Ends this channel only; the link and its other channels go on.</summary>
    public void Close(Instant now)
    {
        _session.Machine.CloseChannel(_channel, now, _session);
        _session.Forget(this);
    }

    /// <summary>Says that both ends have the same, as far as this one knows, and closes the channel to make room for another.</summary>
    public void Rest(Instant now)
    {
        _session.Machine.Send(_channel, RestingType, [], now, _session);
        Close(now);
    }

    /// <summary>
    /// The other end has closed the channel, and the link goes on: whoever has left is let in no more by those who know. One that rests says nothing of that.
    /// </summary>
    public void ClosedByOther()
    {
        if (!OtherRests && IsReady && RemoteIdentity is { } identity && RemoteDevice is { } device && IsMember(identity, device))
        {
            Replica.ClosedByMember(_remote.Has);
        }
    }

    /// <summary>
    /// Members changed: whoever is none any more gets nothing more. Whom this end let in while it could not judge may only turn out
    /// to be a member by what it brings, so it waits while that goes on.
    /// </summary>
    public void Recheck(Instant now)
    {
        if (RemoteIdentity is not { } identity || RemoteDevice is not { } device)
        {
            return;
        }

        if (IsMember(identity, device))
        {
            if (IsReady && !_wasMember)
            {
                _session.Learned(identity, _clock + (long)(now - _clockRead).TotalMilliseconds, now);
            }

            _wasMember = true;
            Pump(now);
            if (_isHeldBack)
            {
                PullIfFree(now);
            }
        }
        else if (_wasMember || (!HasTurn && !Replica.AwaitsMembership))
        {
            _services.Marks.Hit("channel.no.longer.authorized");
            Close(now);
        }
    }

    /// <summary>Says once what the other end did, and ends the channel; what was under way on it afterwards says nothing more.</summary>
    public void Misbehave(string reason, string detail, Instant now)
    {
        if (_channel.State != LinkChannelState.Closed && !_session.IsClosed)
        {
            _host.Misbehaved(_session, reason, detail);
            Close(now);
        }
    }

    private void Prove(Instant now)
    {
        if (_hasProved)
        {
            return;
        }

        _hasProved = true;
        var message = ChannelSecrets.ToSign(
            EngineDomains.ChannelSignature, _session.HandshakeHash.Span, _session.IsInitiator, Replica.Id.Value, _services.Device);
        var signature = new byte[64];
        _services.Cryptography.Sign(_services.DeviceKey, message, signature);
        Send(ProveType, new Prove
        {
            Card = ByteString.CopyFrom(_services.Card.Encode()),
            Signature = ByteString.CopyFrom(signature),
            Clock = (ulong)_services.Clock.Wall(now),
        }, now);
    }

    private void ReceiveProve(Prove prove, Instant now)
    {
        if (IsReady || (_session.IsInitiator && !_hasProved))
        {
            Misbehave("early-message", "a second or early proof", now);
            return;
        }

        if (!DeviceCard.TryDecode(prove.Card.Span, out var card) || !_services.Cards.Contains(card!))
        {
            Misbehave("bad-card", "the device's card is not valid", now);
            return;
        }

        var message = ChannelSecrets.ToSign(
            EngineDomains.ChannelSignature, _session.HandshakeHash.Span, !_session.IsInitiator, Replica.Id.Value, card.Device);
        if (prove.Signature.Length != EntryLimits.SignatureBytes
            || !_services.Cryptography.Verify(card.Device.ToArray(), message, prove.Signature.Span))
        {
            Misbehave("bad-signature", "the device did not sign for this channel", now);
            return;
        }

        if (!IsAuthorized(card.Identity, card.Device))
        {
            // Perhaps an entry that says so has not come yet: either end opens the channel again when its view changes.
            _services.Marks.Hit("channel.unauthorized");
            Close(now);
            return;
        }

        RemoteIdentity = card.Identity;
        RemoteDevice = card.Device;
        _wasMember = IsMember(card.Identity, card.Device);
        Prove(now);
        IsReady = true;
        (_readyAt, _movedAt) = (now, now);
        _session.BecameReady(this);
        (_clock, _clockRead) = ((long)Math.Min(prove.Clock, long.MaxValue), now);
        _session.Learned(card.Identity, _wasMember ? _clock : null, now);
        _host.ChannelReady(this);
        Begin(now);
    }

    /// <summary>
    /// Someone invited, newly or again after leaving, cannot judge yet; what they are sent is judged entry by entry, and they send
    /// nothing before they can.
    /// </summary>
    private bool IsAuthorized(IdentityId identity, DeviceId device) => IsMember(identity, device) || Replica.AwaitsMembership;

    private bool IsMember(IdentityId identity, DeviceId device)
    {
        var authority = Replica.Authority;
        return authority.RoleOf(identity) >= Role.Reader
            && (!authority.TryGetDevice(device, out var known) || known.Identity == identity);
    }

    private void Send(int type, IMessage message, Instant now) =>
        _session.Machine.Send(_channel, type, message.ToByteArray(), now, _session);
}
