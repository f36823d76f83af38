using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine;

public sealed partial class NodeCore : ISessionHost
{
    private readonly SortedDictionary<string, NodeId> _nodesByAddress = new(StringComparer.Ordinal);

    IEnumerable<Replica> ISessionHost.Replicas => _replicas.Values;

    Replica? ISessionHost.FindReplica(LinkSession session, ReadOnlySpan<byte> channelName) =>
        _channelIndex.Find(session, channelName, _inOrderOfArrival);

    bool ISessionHost.IsPulling(Replica replica) =>
        _sessions.Values.Any(session => session.FindChannel(replica) is { HasTurn: true });

    void ISessionHost.Send(LinkId link, ReadOnlyMemory<byte> bytes) => _effects.Add(new NodeEffect.Send(link, bytes));

    void ISessionHost.Count(string instrument, long amount) => _effects.Add(new NodeEffect.Count(instrument, amount));

    void ISessionHost.Announce(NodeEvent happened) => _effects.Add(new NodeEffect.Announce(Stamped(happened)));

    void ISessionHost.Misbehaved(LinkSession session, string reason, string detail)
    {
        _services.Marks.Hit("peer.misbehaved." + reason);
        _effects.Add(new NodeEffect.Count("hinet.peer.misbehaved", 1));
        NodeId? node = session.Machine.IsEstablished ? session.Machine.Remote : null;
        _effects.Add(new NodeEffect.Announce(Stamped(new PeerMisbehaved(default, node, reason, detail))));
    }

    /// <summary>Identities are free: the clocks of own devices and of met contacts count, and nobody else's.</summary>
    void ISessionHost.ClockObserved(LinkSession session, IdentityId member, long unixMilliseconds, Instant now)
    {
        var counts = member == _services.Identity || _contacts.GetValueOrDefault(member)?.Status == ContactStatus.Met;
        var person = _services.Has(PlantedBug.ClocksByNode) ? new IdentityId(session.Machine.Remote.Value) : member;
        if (counts && _services.Clock.Observe(session.Id.Value, person, unixMilliseconds, now) && _services.Clock.IsOff)
        {
            _services.Marks.Hit("clock.corrected");
            var offset = TimeSpan.FromMilliseconds(_services.Clock.MedianOffset);
            _effects.Add(new NodeEffect.Announce(Stamped(new ClockCorrected(default, offset))));
        }
    }

    void ISessionHost.Submit(SignedRun run, Delivery origin)
    {
        _services.Cost.Count(CostKind.Signature);
        var token = _verifier.Submit(run, origin);
        _effects.Add(new NodeEffect.Verify(token, run.Device, EntrySignature.Message(run.Last.Id), run.Signature));
    }

    /// <summary>Only who has this person as a contact opens their direct conversation: an invite's answer may have been lost, and is not needed then.</summary>
    void ISessionHost.ChannelReady(ConversationChannel channel)
    {
        if (channel.Replica.Description.Kind == ConversationKind.Direct
            && channel.RemoteIdentity is { } identity
            && _contacts.TryGetValue(identity, out var contact)
            && contact.Status != ContactStatus.Met)
        {
            Settle(contact);
        }
    }

    void ISessionHost.PullEnded(ConversationChannel channel)
    {
        var others = _sessions.Values
            .Select(session => session.FindChannel(channel.Replica))
            .Where(other => other is { IsReady: true, RemoteHasMore: true } && other != channel)
            .OrderBy(other => other!.Place)
            .ToList();
        foreach (var other in others)
        {
            other!.PullIfFree(_now);
        }
    }

    void ISessionHost.LinkEstablished(LinkSession session)
    {
        var remote = session.Machine.Remote;
        if (session.Address is { } address)
        {
            _nodesByAddress[address] = remote;
            _dials.Succeeded(address);
        }

        if (Duplicate(session) is { } duplicate)
        {
            duplicate.Close("another link to the same node is up", _now);
            if (duplicate == session)
            {
                return;
            }
        }

        _effects.Add(new NodeEffect.Announce(Stamped(new PeerConnected(default, remote))));
        foreach (var invite in ((ISessionHost)this).AcceptedInvites.ToList())
        {
            session.Knock(invite, _now);
        }
    }

    void ISessionHost.Offer(LinkSession session)
    {
        foreach (var replica in _replicas.Values)
        {
            session.OpenConversation(replica, _now);
        }
    }

    /// <summary>Two nodes that dial each other keep the link whose initiator has the lower key; of two in one direction, the newer.</summary>
    private LinkSession? Duplicate(LinkSession session)
    {
        var remote = session.Machine.Remote;
        var other = _sessions.Values.FirstOrDefault(s => s != session && s.Machine.IsEstablished && s.Machine.Remote == remote);
        if (other is null || other.IsInitiator == session.IsInitiator)
        {
            return other;
        }

        var ownIsLower = _nodeKeys.Id.CompareTo(remote) < 0;
        return session.IsInitiator == ownIsLower ? other : session;
    }

    void ISessionHost.LinkClosed(LinkSession session, string reason, bool isMisbehaviour)
    {
        _sessions.Remove(session.Id);
        NotePartialFrames(session, 0);
        _channelIndex.Forget(session);
        _services.Clock.Observe(session.Id.Value, default, null, _now);
        _effects.Add(new NodeEffect.Disconnect(session.Id, reason));
        if (isMisbehaviour)
        {
            _effects.Add(new NodeEffect.Announce(Stamped(new PeerMisbehaved(default, null, "link", reason))));
            _effects.Add(new NodeEffect.Count("hinet.peer.misbehaved", 1));
        }

        var remote = session.Machine.Remote;
        var isLinked = IsLinkedTo(remote);
        if (!remote.Value.IsZero && !isLinked)
        {
            _effects.Add(new NodeEffect.Announce(Stamped(new PeerDisconnected(default, remote, reason))));
            foreach (var address in _nodesByAddress.Where(pair => pair.Value == remote).Select(pair => pair.Key).ToList())
            {
                _dials.Failed(address, _now);
            }
        }

        if (session.Address is { } dialled)
        {
            if (isLinked)
            {
                _dials.Found(dialled);
            }
            else
            {
                _dials.Failed(dialled, _now);
            }
        }

        RedialContacts(session.Identities);
        Missed(session.Identities);
        session.Machine.Dispose();
    }

    private List<LinkSummary> LinksUp() =>
    [
        .. _sessions.Values.Where(session => session.Machine.IsEstablished && !session.IsClosed).Select(session => new LinkSummary(
            session.Id,
            session.Machine.Remote,
            session.Identities.Count > 0 ? session.Identities.Min : null,
            session.Address,
            session.IsInitiator,
            [.. session.Channels.Where(channel => channel.IsReady).Select(channel => channel.Replica.Id)])),
    ];

    /// <summary>The sum over all links of what they keep of frames that are not whole.</summary>
    private long _partialFrameBytes;

    private bool IsLinkedTo(NodeId node) => _sessions.Values.Any(s => s.Machine.IsEstablished && s.Machine.Remote == node);

    private void OpenLink(NodeInput.LinkOpened opened)
    {
        if (opened.Address is { } reached)
        {
            _dials.Ended(reached);
        }

        MakeRoom(isDialled: opened.Address is not null);
        if (_isStopped || _problem is not null || _sessions.Count >= _services.Bounds.Links)
        {
            _effects.Add(new NodeEffect.Disconnect(opened.Link, "no more links are accepted"));
            if (opened.Address is { } address)
            {
                _dials.Failed(address, _now);
            }

            return;
        }

        var session = new LinkSession(opened.Link, opened.IsInitiator, opened.Address, _nodeKeys, _services, this, _now);
        _sessions[opened.Link] = session;
        session.Start(_now);
    }

    /// <summary>What links keep of frames that are not whole is bounded over all of them: whoever announces long ones and does not send them gives way.</summary>
    private void CountPartialFrames(LinkSession session)
    {
        NotePartialFrames(session, session.IsClosed ? 0 : session.Machine.PartialFrameBytes);
        if (_partialFrameBytes > Limits.PartialFrameBytes)
        {
            _services.Marks.Hit("link.partial.frames");
            _sessions.Values.MaxBy(other => (other.Identities.Count == 0 && other.PartialFrameBytes > 0, other.PartialFrameBytes))!
                .Close("too many frames that are not whole", _now);
        }
    }

    /// <summary>What a link keeps now takes the place of what was counted of it last.</summary>
    private void NotePartialFrames(LinkSession session, long bytes)
    {
        _partialFrameBytes += bytes - session.PartialFrameBytes;
        session.PartialFrameBytes = bytes;
    }

    /// <summary>
    /// Who does not say who they are must keep nobody out: a quarter of the places is not for them, and the oldest of them gives way.
    /// A channel that was opened says nothing: anybody can open one.
    /// </summary>
    private void MakeRoom(bool isDialled)
    {
        var strangers = _sessions.Values.Where(session => session.Address is null && session.Identities.Count == 0).ToList();
        var isFull = _sessions.Count >= _services.Bounds.Links;
        if (isFull)
        {
            _services.Marks.Hit("bound.links");
        }

        var areTooMany = !isDialled && strangers.Count >= _services.Bounds.Links - (_services.Bounds.Links / 4);
        var evicted = areTooMany || (isFull && isDialled) ? strangers.FirstOrDefault()
            : isFull ? strangers.Find(session => session.OpenedAt + Limits.IdleLink <= _now)
            : null;
        if (evicted is not null && !_services.Has(PlantedBug.StrangersStay))
        {
            _services.Marks.Hit("link.evicted");
            evicted.Close("nobody showed who they are, and others wait", _now);
        }
    }

    void ISessionHost.Proved(LinkSession session, IdentityId person)
    {
        if (session.Address is { } address && _contacts.TryGetValue(person, out var contact))
        {
            NoteWhereFound(contact, address);
        }

        OfferWithKeyOf(person, session);
        var links = _sessions.Values.Where(other => other.Identities.Contains(person)).ToList();
        if (links.Count > Limits.LinksOfOnePerson && !_services.Has(PlantedBug.LinksOfOneUnbounded))
        {
            _services.Marks.Hit("link.of.one.person");
            links.First(other => other != session).Close("another link with the same person is up", _now);
        }
    }

    /// <summary>
    /// Where a contact was found is where they are looked for in the next life, whatever else is known by then; and no more where nobody has
    /// answered for long.
    /// </summary>
    private void NoteWhereFound(ContactState contact, string address)
    {
        var stale = contact.Addresses.Where(other => other != address && _dials.IsGivenUp(other) && !_keptLinked.Contains(other)).ToList();
        if (contact.Addresses.FirstOrDefault() == address && stale.Count == 0)
        {
            return;
        }

        var gone = contact.AddAddresses([address]).Concat(stale).ToList();
        contact.Addresses.RemoveAll(stale.Contains);
        StopDialling(gone);
        _services.PutSealed(ColumnFamily.Contacts, StoreKeys.Contact(contact.Card.Identity), contact.Encode());
    }

    private void DialDue()
    {
        if (_isStopped || _problem is not null || _now < _dials.Deadline)
        {
            return;
        }

        foreach (var address in _dials.Due(_now).ToList())
        {
            if ((!_nodesByAddress.TryGetValue(address, out var node) || !IsLinkedTo(node)) && !AreContactsLinked(address))
            {
                _effects.Add(new NodeEffect.Dial(address));
            }
            else
            {
                _dials.Ended(address);
                _dials.Found(address);
            }
        }
    }

    private void CloseAllLinks(string reason)
    {
        foreach (var session in _sessions.Values.ToList())
        {
            session.Close(reason, _now);
        }
    }
}
