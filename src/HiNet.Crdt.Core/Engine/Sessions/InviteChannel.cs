using Google.Protobuf;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>
/// First contact: whoever accepted an invite shows the issuer who they are, and the issuer answers. Both prove the invite's secret
/// and sign with their devices for this link alone.
/// </summary>
internal sealed class InviteChannel(
    LinkSession session,
    LinkChannel channel,
    Invite invite,
    bool isKnocking,
    NodeServices services,
    ISessionHost host)
{
    private const int IntroductionType = 0;
    private const int RefusalType = 1;
    private bool _isProved;

    /// <summary>The other end has said who they are: there is nothing more to say on this channel.</summary>
    private bool _isIntroduced;

    public Invite Invite => invite;

    public void Opened(ReadOnlySpan<byte> remoteOpening, Instant now)
    {
        var expected = ChannelSecrets.Proof(
            services.Cryptography, invite.Secret.ToArray(), session.HandshakeHash.Span, byInitiator: !session.IsInitiator);
        _isProved = ChannelSecrets.HasCommon(remoteOpening, [expected]);
        if (!_isProved)
        {
            host.Misbehaved(session, "bad-invite-proof", "an invite's channel was opened without its secret");
            session.Machine.CloseChannel(channel, now, session);
        }
        else if (isKnocking)
        {
            Introduce(IntroductionType, now);
        }
    }

    public void Received(int type, ReadOnlySpan<byte> payload, Instant now)
    {
        if (!_isProved || !(type == IntroductionType || (type == RefusalType && isKnocking)))
        {
            return;
        }

        Introduction introduction;
        try
        {
            introduction = Introduction.Parser.ParseFrom(payload);
        }
        catch (InvalidProtocolBufferException)
        {
            Refuse("malformed-message", "an introduction that cannot be parsed", now);
            return;
        }

        if (!DeviceCard.TryDecode(introduction.Card.Span, out var card) || !services.Cards.Contains(card!))
        {
            Refuse("bad-card", "the device's card is not valid", now);
            return;
        }

        if (introduction.Signature.Length != EntryLimits.SignatureBytes
            || !services.Cryptography.Verify(
                card.Device.ToArray(), ToSign(type, card.Device, !session.IsInitiator), introduction.Signature.Span))
        {
            Refuse("bad-signature", "the device did not sign for this link", now);
            return;
        }

        if (isKnocking && card.Identity != invite.Card.Identity)
        {
            // Two who hold one invite have knocked at each other: neither is its issuer, and neither has done anything wrong.
            services.Marks.Hit("invite.knocked.by.both");
            session.Machine.CloseChannel(channel, now, session);
            return;
        }

        if (type == RefusalType)
        {
            session.Machine.CloseChannel(channel, now, session);
            session.MayKnockAgain(invite);
            host.Refused(invite);
            return;
        }

        if (!isKnocking && !host.Admit(invite, card.Identity))
        {
            // Whoever knocks has the invite, so it gives nothing away to say so.
            Introduce(RefusalType, now);
            return;
        }

        if (_isIntroduced)
        {
            Refuse("early-message", "a second introduction", now);
            return;
        }

        _isIntroduced = true;
        session.Learned(card.Identity, clock: null, now);
        host.Met(invite, card, [.. introduction.Addresses.Where(Invite.IsAddress).Take(Invite.MaxAddresses)]);
        if (isKnocking)
        {
            session.Machine.CloseChannel(channel, now, session);
        }
        else
        {
            // Whoever knocked stops knocking when it is answered: not before the answer is kept here.
            host.WhenDurable(then => Introduce(IntroductionType, then));
        }
    }

    private void Introduce(int type, Instant now)
    {
        if (channel.State != LinkChannelState.Open)
        {
            return;
        }

        var signature = new byte[64];
        services.Cryptography.Sign(services.DeviceKey, ToSign(type, services.Device, session.IsInitiator), signature);
        var introduction = new Introduction
        {
            Card = ByteString.CopyFrom(services.Card.Encode()),
            Signature = ByteString.CopyFrom(signature),
        };
        introduction.Addresses.AddRange(type == IntroductionType ? services.Options.AdvertisedAddresses.Take(Invite.MaxAddresses) : []);
        session.Machine.Send(channel, type, introduction.ToByteArray(), now, session);
    }

    private byte[] ToSign(int type, DeviceId device, bool byInitiator) => ChannelSecrets.ToSign(
        type == RefusalType ? EngineDomains.InviteRefusal : EngineDomains.InviteSignature,
        session.HandshakeHash.Span, byInitiator, invite.Id(services.Cryptography), device);

    private void Refuse(string reason, string detail, Instant now)
    {
        host.Misbehaved(session, reason, detail);
        session.Machine.CloseChannel(channel, now, session);
    }
}
