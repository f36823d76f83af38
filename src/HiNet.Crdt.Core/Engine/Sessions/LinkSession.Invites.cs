using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Sessions;

internal sealed partial class LinkSession
{
    /// <summary>The invites that this end has knocked with, and when it may again: never while no answer has come.</summary>
    private readonly SortedDictionary<Bytes32, Instant> _knocked = [];

    /// <summary>The first moment at which an invite whose knock was rejected is due again; never while there is none.</summary>
    private Instant _knockAgain = Instant.Never;

    /// <summary>Knocks with an invite that this node accepted: only its issuer can tell the channel's name.</summary>
    public void Knock(Invite invite, Instant now)
    {
        _now = now;
        if (!Machine.IsEstablished || _knocked.ContainsKey(invite.Id(_services.Cryptography)))
        {
            return;
        }

        if (!Machine.CanOpen)
        {
            _isShort = true;
            return;
        }

        _knocked.Add(invite.Id(_services.Cryptography), Instant.Never);

        var id = ChannelSecrets.InviteChannel(_services.Cryptography, HandshakeHash.Span, invite.Id(_services.Cryptography));
        var channel = Machine.Open(ChannelSecrets.InviteProtocol, id, InviteOpening(invite), now, this);
        channel.Tag = new InviteChannel(this, channel, invite, isKnocking: true, _services, _host);
    }

    /// <summary>The invite was refused; the person may try it again.</summary>
    public void MayKnockAgain(Invite invite) => _knocked.Remove(invite.Id(_services.Cryptography));

    /// <summary>
    /// The other end knows no such invite now. That may be its issuer all the same, by whose clock the invite has expired until that is
    /// set right, or who had no room for a channel; and the link may last.
    /// </summary>
    private void KnockRejected(Invite invite)
    {
        var again = _now + Limits.KnockPause;
        _knocked[invite.Id(_services.Cryptography)] = again;
        _knockAgain = Instant.Min(_knockAgain, again);
    }

    private void KnockAgain()
    {
        var due = _knocked.Where(knocked => _now >= knocked.Value).Select(knocked => knocked.Key).ToHashSet();
        foreach (var id in due)
        {
            _knocked.Remove(id);
        }

        _knockAgain = _knocked.Values.Append(Instant.Never).Min();
        foreach (var invite in _host.AcceptedInvites.Where(invite => due.Contains(invite.Id(_services.Cryptography))).ToList())
        {
            _services.Marks.Hit("invite.knocked.again");
            Knock(invite, _now);
        }
    }

    private void RequestedByInvitee(LinkChannel channel, ReadOnlyMemory<byte> remoteOpening)
    {
        var invite = _host.FindInvite(this, channel.Id.Span);
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
