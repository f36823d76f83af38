using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Core.Engine.Sessions;

internal sealed partial class LinkSession
{
    public void Add(LinkEffect effect)
    {
        switch (effect)
        {
            case LinkEffect.SendBytes send:
                Room.Handed(send.Bytes.Length);
                _host.Send(Id, send.Bytes);
                break;
            case LinkEffect.LinkEstablished established:
                HandshakeHash = established.HandshakeHash;
                _host.LinkEstablished(this);
                if (IsInitiator)
                {
                    Offer();
                }

                break;
            case LinkEffect.ChannelRequested requested:
                Requested(requested.Channel, requested.RemoteHandshake);
                break;
            case LinkEffect.ChannelOpened opened:
                Opened(opened.Channel, opened.RemoteHandshake);
                break;
            case LinkEffect.ChannelRejected rejected:
                Rejected(rejected.Channel);
                break;
            case LinkEffect.ChannelClosed closed:
                Ended(closed.Channel);
                break;
            case LinkEffect.MessageReceived message:
                Received(message.Channel, message.Type, message.Payload);
                break;
            case LinkEffect.CloseStream close:
                IsClosed = true;
                NoteBound(close.Reason);
                _host.LinkClosed(this, $"{close.Reason}: {close.Detail}", IsMisbehaviour(close.Reason));
                break;
            default:
                break;
        }
    }

    private void Requested(LinkChannel channel, ReadOnlyMemory<byte> remoteOpening)
    {
        if (channel.Protocol == ChannelSecrets.InviteProtocol)
        {
            RequestedByInvitee(channel, remoteOpening);
            return;
        }

        var replica = channel.Protocol == ChannelSecrets.ConversationProtocol
            ? _host.FindReplica(this, channel.Id.Span)
            : null;
        var rested = replica is not null && _resting.Contains(replica.Id);
        if (replica is not { IsKept: true } || _channels.ContainsKey(replica.Id) || !TakeRoomForWanted(replica))
        {
            if (channel.State != LinkChannelState.Open)
            {
                Machine.Reject(channel, _now, this);
            }

            return;
        }

        var opening = ChannelSecrets.Opening(
            ChannelSecrets.ProofsOf(_services.Cryptography, replica, HandshakeHash.Span, IsInitiator, Identities));
        var conversation = new ConversationChannel(this, channel, replica, _services, _host);
        conversation.RestsFrom = rested ? _now + s_longRoom : conversation.RestsFrom;
        channel.Tag = conversation;
        _channels[replica.Id] = conversation;
        Machine.Accept(channel, Google.Protobuf.MessageExtensions.ToByteArray(opening), _now, this);
    }

    private void Opened(LinkChannel channel, ReadOnlyMemory<byte> remoteOpening)
    {
        if (channel.Tag is InviteChannel invite)
        {
            invite.Opened(remoteOpening.Span, _now);
        }
        else if (ConversationOf(channel) is { } conversation)
        {
            _wanted.Remove(conversation.Replica.Id);
            conversation.Opened(remoteOpening.Span, _now);
        }
    }

    private void Received(LinkChannel channel, int type, ReadOnlyMemory<byte> payload)
    {
        if (channel.Tag is InviteChannel invite)
        {
            invite.Received(type, payload.Span, _now);
        }
        else if (ConversationOf(channel) is { } conversation)
        {
            conversation.Received(type, payload, _now);
        }
    }

    private void Ended(LinkChannel channel)
    {
        if (channel.Tag is ConversationChannel conversation)
        {
            Forget(conversation);
            if (Machine.IsEstablished)
            {
                conversation.ClosedByOther();
                NoteRest(conversation);
            }
        }

        channel.Tag = null;
        OpenWaiting();
    }

    private void NoteBound(LinkCloseReason reason)
    {
        switch (reason)
        {
            case LinkCloseReason.InvalidFrameLength:
                _services.Marks.Hit("bound.frame.length");
                break;
            case LinkCloseReason.FrameTimeout:
                _services.Marks.Hit("bound.frame.time");
                break;
            case LinkCloseReason.HandshakeTimeout:
                _services.Marks.Hit("bound.handshake.time");
                break;
        }
    }

    private static ConversationChannel? ConversationOf(LinkChannel channel) => channel.Tag as ConversationChannel;

    // A handshake that does not come in time is what a cut network looks like, too: the link ends, and nobody is blamed. A frame that
    // does not, while other bytes still come, is not: a cut would have been a silence first.
    private static bool IsMisbehaviour(LinkCloseReason reason) => reason
        is LinkCloseReason.HandshakeFailed
        or LinkCloseReason.StreamIdentityMismatch
        or LinkCloseReason.InvalidFrameLength
        or LinkCloseReason.FrameTimeout
        or LinkCloseReason.FrameNotAuthentic
        or LinkCloseReason.MalformedMessage
        or LinkCloseReason.MalformedBatch
        or LinkCloseReason.InvalidChannelId
        or LinkCloseReason.TooManyChannels;
}
