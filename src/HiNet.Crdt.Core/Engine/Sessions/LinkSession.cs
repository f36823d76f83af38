using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Links;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Sessions;

/// <summary>One link and the channels on it. One link carries every conversation that two nodes share.</summary>
internal sealed partial class LinkSession : IEffectSink<LinkEffect>
{
    private readonly NodeServices _services;
    private readonly ISessionHost _host;
    private readonly SortedList<ConversationId, ConversationChannel> _channels = [];

    /// <summary>Those of <see cref="_channels"/> that are ready: nothing of the others is ever due.</summary>
    private readonly SortedList<ConversationId, ConversationChannel> _ready = [];
    private Instant _now;
    private bool _hasConsumed;

    /// <summary>This end's conversations were offered on the link. A stranger who links is offered none.</summary>
    private bool _hasOffered;

    /// <summary>The place in <see cref="_channels"/> of the channel whose turn is next.</summary>
    private int _turn;

    public LinkSession(LinkId id, bool isInitiator, string? address, NodeKeyPair keys, NodeServices services, ISessionHost host, Instant now)
    {
        Id = id;
        IsInitiator = isInitiator;
        Address = address;
        _services = services;
        _host = host;
        _now = now;
        OpenedAt = now;
        Room = new LinkRoom(services.LinkWindowBytes, services.Bounds.SegmentWindowBytes);
        Machine = new LinkMachine(services.Cryptography, keys, isInitiator, LinkOptions.Default, now);
    }

    public LinkId Id { get; }

    public bool IsInitiator { get; }

    /// <summary>What was dialled; null for a link that came in or was handed over.</summary>
    public string? Address { get; }

    public Instant OpenedAt { get; }

    public LinkMachine Machine { get; }

    /// <summary>What the link has waiting, over all its channels.</summary>
    public LinkRoom Room { get; }

    public ReadOnlyMemory<byte> HandshakeHash { get; private set; }

    /// <summary>People whose devices were proved on this link.</summary>
    public SortedSet<IdentityId> Identities { get; } = [];

    public IEnumerable<ConversationChannel> Channels => _channels.Values;

    /// <summary>Bytes that the link and its channels keep in memory, about.</summary>
    public long KeptBytes => Machine.KeptBytes + _channels.Values.Sum(channel => channel.KeptBytes);

    /// <summary>Bytes that the link keeps of a frame that is not whole, as the node has counted them last.</summary>
    public long PartialFrameBytes { get; set; }

    public bool IsClosed { get; private set; }

    public Instant Deadline
    {
        get
        {
            _services.Cost.Count(CostKind.Deadline, _ready.Count);
            var deadline = Instant.Min(Instant.Min(Machine.Deadline, _knockAgain), _nextRoom);
            for (var i = 0; i < _ready.Count; i++)
            {
                deadline = Instant.Min(deadline, _ready.GetValueAtIndex(i).Deadline);
            }

            return deadline;
        }
    }

    public void Start(Instant now)
    {
        _now = now;
        Machine.Start(now, this);
    }

    public void Received(ReadOnlySpan<byte> bytes, Instant now)
    {
        _now = now;
        Machine.Cork();
        Machine.Receive(bytes, now, this);
        Machine.Uncork(now, this);
    }

    /// <summary>Bytes have left the link: whoever waited for room goes on, a message each and in turn.</summary>
    public void Progressed(long bytes, Instant now)
    {
        _now = now;
        if (Room.Left(bytes))
        {
            GiveTurns(now);
        }
    }

    /// <summary>Segments of a channel were given back. False when nobody waited for that.</summary>
    public bool GivenBack(long bytes, Instant now)
    {
        if (!Room.GivenBack(bytes))
        {
            return false;
        }

        GiveTurns(now);
        return true;
    }

    private void GiveTurns(Instant now)
    {
        _services.Marks.Hit("link.turns");
        for (var idle = 0; idle < _channels.Count && Room.Ask(); _turn++)
        {
            _turn %= _channels.Count;
            idle = _channels.GetValueAtIndex(_turn).TakeTurn(now) ? 0 : idle + 1;
        }
    }

    public void HandleDeadline(Instant now)
    {
        _now = now;
        if (now >= Machine.Deadline)
        {
            Machine.HandleDeadline(now, this);
        }

        if (now >= _knockAgain)
        {
            KnockAgain();
        }

        if (now >= _nextRoom)
        {
            LookForRoom();
        }

        // A channel may close here, and with it leave the list: then the next one has moved into its place.
        for (var i = 0; i < _channels.Count;)
        {
            var channel = _channels.GetValueAtIndex(i);
            if (now >= channel.Deadline)
            {
                channel.HandleDeadline(now);
            }

            i += i < _channels.Count && _channels.GetValueAtIndex(i) == channel ? 1 : 0;
        }
    }

    public void Ended(Instant now)
    {
        _now = now;
        Machine.EndStream(this);
    }

    public void Close(string reason, Instant now)
    {
        _now = now;
        Machine.Close(LinkCloseReason.Requested, reason, now, this);
    }

    /// <summary>A channel has taken in something that it has not acknowledged.</summary>
    public void NoteConsumed() => _hasConsumed = true;

    public void SealConsumed()
    {
        for (var i = 0; _hasConsumed && i < _channels.Count; i++)
        {
            _channels.GetValueAtIndex(i).SealConsumed();
        }
    }

    public void AcknowledgeConsumed(Instant now)
    {
        if (!_hasConsumed)
        {
            return;
        }

        _now = now;
        _hasConsumed = false;
        for (var i = 0; i < _channels.Count; i++)
        {
            _hasConsumed |= !_channels.GetValueAtIndex(i).AcknowledgeConsumed(now);
        }
    }

    public ConversationChannel? FindChannel(Replica replica) => _channels.GetValueOrDefault(replica.Id);

    /// <summary>Opens a conversation's channel unless it is open, or not durable yet; the other end refuses what it does not know, and nothing else happens.</summary>
    public void OpenConversation(Replica replica, Instant now)
    {
        _now = now;
        if (!replica.IsKept || !Machine.IsEstablished || _channels.ContainsKey(replica.Id) || !TakeRoomFor(replica))
        {
            return;
        }

        var id = ChannelSecrets.ConversationChannel(_services.Cryptography, HandshakeHash.Span, replica.Id);
        var opening = ChannelSecrets.Opening(
            ChannelSecrets.ProofsOf(_services.Cryptography, replica, HandshakeHash.Span, IsInitiator, Identities));
        var channel = Machine.Open(
            ChannelSecrets.ConversationProtocol, id, Google.Protobuf.MessageExtensions.ToByteArray(opening), now, this);
        var conversation = new ConversationChannel(this, channel, replica, _services, _host);
        channel.Tag = conversation;
        _channels[replica.Id] = conversation;
    }

    /// <summary>Both ends of a channel have shown who they are.</summary>
    public void BecameReady(ConversationChannel channel) => _ready[channel.Replica.Id] = channel;

    public void Forget(ConversationChannel channel)
    {
        if (_channels.GetValueOrDefault(channel.Replica.Id) == channel)
        {
            _channels.Remove(channel.Replica.Id);
            _ready.Remove(channel.Replica.Id);
            channel.Forget(_now);
            _host.PullEnded(channel);
            OpenWaiting();
        }
    }

    /// <summary>Whether any link is bringing this conversation's entries already.</summary>
    public bool IsAnotherPulling(ConversationChannel asking) => _host.IsPulling(asking.Replica);

    /// <summary>Opens all conversations here, once, when it is known with whom there may be something in common.</summary>
    private void Offer()
    {
        if (!_hasOffered && !IsClosed)
        {
            _hasOffered = true;
            _host.Offer(this);
        }
    }

    /// <summary>Somebody's device was proved here: whose it is, and what a member's clock says.</summary>
    public void Learned(IdentityId identity, long? clock, Instant now)
    {
        if (Identities.Add(identity))
        {
            _host.Proved(this, identity);
        }

        Offer();

        if (clock is { } reading && (identity != _services.Identity || reading > 0))
        {
            _host.ClockObserved(this, identity, reading, now);
        }
    }
}
