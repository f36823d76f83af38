using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>
/// A link has room for so many channels, and a node offers each of its conversations, of which the other end knows few. Those that
/// find no room wait until one that the other end refused, or closed, has made some. Where the two have more in common than there is
/// room for, a conversation of which both have the same gives way, and comes back when there is something new to say of it.
/// </summary>
internal sealed partial class LinkSession
{
    /// <summary>Openings of one conversation that the other end refuses although it wants it: it may have had no room itself.</summary>
    private const int MostOpenings = 4;

    /// <summary>How long a channel stays that the other end wanted back, and how often room is looked for that nobody has left.</summary>
    private static readonly TimeSpan s_longRoom = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_shortRoom = TimeSpan.FromSeconds(1);

    private readonly Queue<Replica> _waiting = new();

    /// <summary>Those that begin to wait when room is looked for next.</summary>
    private readonly Queue<Replica> _later = new();

    /// <summary>Conversations of which both ends had the same when their channel gave way; it is opened again with the first news.</summary>
    private readonly SortedSet<ConversationId> _resting = [];

    /// <summary>When room is looked for again, for what waits by then.</summary>
    private Instant _nextRoom = Instant.Never;

    /// <summary>
    /// Conversations that the other end asked for when there was no room, and how often it has refused them since: it has them, unlike
    /// most of those that it refuses, which are not offered again.
    /// </summary>
    private readonly SortedDictionary<ConversationId, int> _wanted = [];

    /// <summary>The conversation that the other end asks for at this moment: what makes room for it does not open it from here.</summary>
    private ConversationId? _asked;

    /// <summary>An opening is being withdrawn in favour of <see cref="_asked"/>: its place is for no other.</summary>
    private bool _isWithdrawing;

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

    /// <summary>There is something new in a conversation, which may rest on this link.</summary>
    public void Advanced(Replica replica, Instant now)
    {
        if (FindChannel(replica) is { } channel)
        {
            channel.Advanced(now);
        }
        else if (_resting.Contains(replica.Id))
        {
            OpenConversation(replica, now);
        }
    }

    /// <summary>Both ends have the same of a channel's conversation: it gives way to one that waits.</summary>
    public void Rested(ConversationChannel channel, Instant now)
    {
        _now = now;
        if (_waiting.Count > 0 && channel.IsAtRest(now))
        {
            Rest(channel);
        }
    }

    private void Rest(ConversationChannel channel)
    {
        _services.Marks.Hit("channel.rests");
        _resting.Add(channel.Replica.Id);
        channel.Rest(_now);
    }

    /// <summary>The other end has closed a channel: it rests, or this end has more to say by now. One that was closed for a cause does not come back by itself.</summary>
    private void NoteRest(ConversationChannel channel)
    {
        if (!channel.OtherRests || IsClosed)
        {
            return;
        }

        _resting.Add(channel.Replica.Id);
        if (channel.HasMoreToSay)
        {
            // The other end closed it to open another one, which comes first.
            if (!_later.Contains(channel.Replica))
            {
                _later.Enqueue(channel.Replica);
            }

            _nextRoom = Instant.Min(_nextRoom, _now + s_shortRoom);
        }
    }

    /// <summary>
    /// Finds room for the channel of a conversation that has none, which another one may have to give; true when there is some. Without it the conversation
    /// waits. When it has waited before, the channel may have been opened by what gave way.
    /// </summary>
    private bool TakeRoomFor(Replica replica)
    {
        var hasRoom = CanOpen || TryMakeRoom();
        if (_channels.ContainsKey(replica.Id))
        {
            _services.Marks.Hit("channel.opened.while.room.was.made");
            hasRoom = false;
        }
        else if (!hasRoom)
        {
            Wait(replica);
        }
        else
        {
            _resting.Remove(replica.Id);
        }

        return hasRoom;
    }

    private void Wait(Replica replica)
    {
        if (_services.Has(PlantedBug.NobodyWaitsForRoom))
        {
            return;
        }

        if (!_waiting.Contains(replica))
        {
            _waiting.Enqueue(replica);
        }

        _nextRoom = Instant.Min(_nextRoom, _now + s_longRoom);
    }

    // Whoever has waited longer comes first, and may take the place.
    private bool TryMakeRoom() => (TryRestOne() && CanOpen) || (_asked is not null && TryWithdrawOne());

    /// <summary>
    /// Where both ends have filled their room with openings of different conversations, each would refuse the other's for ever: the end that did not
    /// dial takes back one of its own, which goes on waiting.
    /// </summary>
    private bool TryWithdrawOne()
    {
        if (IsInitiator || _channels.ContainsKey(_asked!.Value) || _channels.Values.FirstOrDefault(channel => channel.IsOpening) is not { } opening)
        {
            return false;
        }

        _services.Marks.Hit("channel.opening.withdrawn");
        _isWithdrawing = true;
        opening.Close(_now);
        _isWithdrawing = false;
        Wait(opening.Replica);
        return CanOpen;
    }

    private bool TryRestOne()
    {
        for (var i = 0; i < _channels.Count; i++)
        {
            if (_channels.GetValueAtIndex(i).IsAtRest(_now))
            {
                Rest(_channels.GetValueAtIndex(i));
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Lets give way what has come to rest unseen, one for each that waits. Of what does not rest this end says once more what it has: whoever
    /// finds the same says nothing, and then it rests.
    /// </summary>
    private void LookForRoom()
    {
        _nextRoom = Instant.Never;
        while (_later.TryDequeue(out var replica))
        {
            OpenConversation(replica, _now);
        }

        OpenWaiting();
        for (var left = _waiting.Count; left > 0 && _waiting.Count > 0 && TryRestOne(); left--)
        {
            // Who waits has been opened.
        }

        if (_waiting.Count > 0)
        {
            _nextRoom = _now + s_longRoom;
            for (var i = 0; i < _channels.Count; i++)
            {
                _channels.GetValueAtIndex(i).CompareAgain(_now);
            }
        }
    }

    private bool TakeRoomForWanted(Replica replica)
    {
        _asked = replica.Id;
        var hasRoom = TakeRoomFor(replica);
        _asked = null;
        if (!hasRoom && !_channels.ContainsKey(replica.Id))
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
            if (refused < MostOpenings)
            {
                Wait(replica);
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
        if (!_isShort || _isWithdrawing || !Machine.IsEstablished || IsClosed)
        {
            return;
        }

        for (var left = _waiting.Count; left > 0 && Machine.CanOpen && _channels.Count < _services.Bounds.Channels; left--)
        {
            var replica = _waiting.Dequeue();
            if (replica.Id != _asked)
            {
                OpenConversation(replica, _now);
            }
        }

        foreach (var invite in _host.AcceptedInvites.ToList())
        {
            Knock(invite, _now);
        }
    }
}
