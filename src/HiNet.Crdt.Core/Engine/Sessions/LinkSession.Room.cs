using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Links;

namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>
/// A link has room for so many channels, and a node offers each of its conversations, of which the other end knows few. Those that
/// find no room wait until one that the other end refused, or closed, has made some.
/// </summary>
internal sealed partial class LinkSession
{
    /// <summary>Openings of one conversation that the other end refuses although it wants it: it may have had no room itself.</summary>
    private const int MostOpenings = 4;

    private readonly Queue<Replica> _waiting = new();

    /// <summary>
    /// Conversations that the other end asked for when there was no room, and how often it has refused them since: it has them, unlike
    /// most of those that it refuses, which are not offered again.
    /// </summary>
    private readonly SortedDictionary<ConversationId, int> _wanted = [];

    /// <summary>Something has found no room on this link; once true, it stays.</summary>
    private bool _isShort;

    private bool CanOpen
    {
        get
        {
            var canOpen = Machine.CanOpen && _channels.Count < _services.Bounds.Channels;
            if (!canOpen)
            {
                _services.Marks.Hit("bound.link.channels");
                _isShort = true;
            }

            return canOpen;
        }
    }

    private bool HasRoomFor(Replica replica)
    {
        var canOpen = CanOpen;
        if (!canOpen && !_waiting.Contains(replica))
        {
            _waiting.Enqueue(replica);
        }

        return canOpen;
    }

    private bool HasRoomForWanted(Replica replica)
    {
        var hasRoom = HasRoomFor(replica);
        if (!hasRoom)
        {
            _wanted.TryAdd(replica.Id, 0);
        }

        return hasRoom;
    }

    private void Rejected(LinkChannel channel)
    {
        if (channel.Tag is ConversationChannel { Replica: var replica } && _wanted.TryGetValue(replica.Id, out var refused))
        {
            _wanted[replica.Id] = ++refused;
            if (refused < MostOpenings && !_waiting.Contains(replica))
            {
                _waiting.Enqueue(replica);
            }
        }
        else if (channel.Tag is InviteChannel { Invite: var invite })
        {
            KnockRejected(invite);
        }

        Ended(channel);
    }

    private void OpenWaiting()
    {
        if (!_isShort || !Machine.IsEstablished || IsClosed)
        {
            return;
        }

        for (var left = _waiting.Count; left > 0 && Machine.CanOpen && _channels.Count < _services.Bounds.Channels; left--)
        {
            OpenConversation(_waiting.Dequeue(), _now);
        }

        foreach (var invite in _host.AcceptedInvites.ToList())
        {
            Knock(invite, _now);
        }
    }
}
