using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Sessions;

internal sealed partial class LinkSession
{
    /// <summary>Knocks with an invite that this node accepted: only its issuer can tell the channel's name.</summary>
    public void Knock(Invite invite, Instant now)
    {
        _now = now;
        if (!Machine.IsEstablished || _knocked.Contains(invite.Id(_services.Cryptography)))
        {
            return;
        }

        if (!Machine.CanOpen)
        {
            _isShort = true;
            return;
        }

        _knocked.Add(invite.Id(_services.Cryptography));

        var id = ChannelSecrets.InviteChannel(_services.Cryptography, HandshakeHash.Span, invite.Id(_services.Cryptography));
        var channel = Machine.Open(ChannelSecrets.InviteProtocol, id, InviteOpening(invite), now, this);
        channel.Tag = new InviteChannel(this, channel, invite, isKnocking: true, _services, _host);
    }

    private readonly SortedSet<Bytes32> _knocked = [];

    /// <summary>The invite was refused; the person may try it again.</summary>
    public void MayKnockAgain(Invite invite) => _knocked.Remove(invite.Id(_services.Cryptography));

    private void RequestedByInvitee(LinkChannel channel, ReadOnlyMemory<byte> remoteOpening)
    {
        var invite = _host.IssuedInvites.FirstOrDefault(i => channel.Id.Span.SequenceEqual(
            ChannelSecrets.InviteChannel(_services.Cryptography, HandshakeHash.Span, i.Id(_services.Cryptography))));
        if (invite is null || !Machine.CanOpen)
        {
            Machine.Reject(channel, _now, this);
            return;
        }

        channel.Tag = new InviteChannel(this, channel, invite, isKnocking: false, _services, _host);
        Machine.Accept(channel, InviteOpening(invite), _now, this);
    }

    private byte[] InviteOpening(Invite invite) => Google.Protobuf.MessageExtensions.ToByteArray(ChannelSecrets.Opening(
        [ChannelSecrets.Proof(_services.Cryptography, invite.Secret.ToArray(), HandshakeHash.Span, IsInitiator)]));
}
