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
    private bool _isProved;

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
            Introduce(now);
        }
    }

    public void Received(int type, ReadOnlySpan<byte> payload, Instant now)
    {
        if (type != IntroductionType || !_isProved)
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

        if (!DeviceCard.TryDecode(introduction.Card.Span, out var card) || !card!.IsValid(services.Cryptography))
        {
            Refuse("bad-card", "the device's card is not valid", now);
            return;
        }

        if (isKnocking && card.Identity != invite.Card.Identity)
        {
            Refuse("bad-card", "someone else answered an invite", now);
            return;
        }

        if (introduction.Signature.Length != EntryLimits.SignatureBytes
            || !services.Cryptography.Verify(
                card.Device.ToArray(), ToSign(card.Device, !session.IsInitiator), introduction.Signature.Span))
        {
            Refuse("bad-signature", "the device did not sign for this link", now);
            return;
        }

        session.Identities.Add(card.Identity);
        host.Met(invite, card, [.. introduction.Addresses.Where(Invite.IsAddress).Take(Invite.MaxAddresses)]);
        if (isKnocking)
        {
            session.Machine.CloseChannel(channel, now, session);
        }
        else
        {
            // Whoever knocked stops knocking when it is answered: not before the answer is kept here.
            host.WhenDurable(Introduce);
        }
    }

    private void Introduce(Instant now)
    {
        if (channel.State != LinkChannelState.Open)
        {
            return;
        }

        var signature = new byte[64];
        services.Cryptography.Sign(services.DeviceKey, ToSign(services.Device, session.IsInitiator), signature);
        var introduction = new Introduction
        {
            Card = ByteString.CopyFrom(services.Card.Encode()),
            Signature = ByteString.CopyFrom(signature),
        };
        introduction.Addresses.AddRange(services.Options.AdvertisedAddresses.Take(8));
        session.Machine.Send(channel, IntroductionType, introduction.ToByteArray(), now, session);
    }

    private byte[] ToSign(DeviceId device, bool byInitiator) => ChannelSecrets.ToSign(
        EngineDomains.InviteSignature, session.HandshakeHash.Span, byInitiator, invite.Id(services.Cryptography), device);

    private void Refuse(string reason, string detail, Instant now)
    {
        host.Misbehaved(session, reason, detail);
        session.Machine.CloseChannel(channel, now, session);
    }
}
