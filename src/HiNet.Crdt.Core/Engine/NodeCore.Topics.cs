using HiNet.Crdt.Core.Dht.Records;
using HiNet.Crdt.Core.Engine.Meeting;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Identity;

namespace HiNet.Crdt.Core.Engine;

public sealed partial class NodeCore
{
    /// <summary>Invites of this node's, the newest, whose takers are looked for.</summary>
    private const int WatchedInvites = 16;

    /// <summary>
    /// Epochs of a group that are read, the newest ones: whoever was away still writes under the one that was the newest then, and each
    /// leaving makes another.
    /// </summary>
    private const int ReadEpochs = 8;

    /// <summary>Members of a group on either side, in the ring of all by identity, who are looked for one by one.</summary>
    private const int NeighboursEachSide = 3;

    /// <summary>Linked members of a group, from which on no more are looked for.</summary>
    private const int EnoughMembers = 6;

    private readonly SortedDictionary<IdentityId, RendezvousSecret?> _pairTopics = [];
    private bool _topicsAreStale = true;

    /// <summary>Whom this node shares a secret with has changed.</summary>
    private void TopicsChanged() => _topicsAreStale = true;

    private void RefreshTopics()
    {
        _topicsAreStale = false;
        var isTimely = RecordSchedule.Covers(_services.Clock.Wall(_now));
        if (isTimely != _meeting.IsTimely)
        {
            _services.Marks.Hit("meeting.clock.set");
            _meeting.Replace([], isWriting: false, _now);
            _meeting.IsTimely = isTimely;
        }

        if (_meeting.Replace(PersonTopics().Concat(NeighbourTopics()).Concat(InviteTopics()).Concat(GroupTopics()), IsWriting, _now))
        {
            Recognise();
        }
    }

    private IEnumerable<MeetingTopic> PersonTopics()
    {
        foreach (var contact in _contacts.Values)
        {
            if (contact.Pending is { } invite)
            {
                yield return Topic(
                    RendezvousSecret.OfInvite(_services.Cryptography, invite.Secret, RecordKind.Contact), new MeetingSubject.Inviter(contact.Card.Identity));
            }

            if (PairTopic(contact.Card) is { } pair)
            {
                yield return Topic(pair, new MeetingSubject.Person(contact.Card.Identity));
            }
        }
    }

    // Members who each made an epoch without having heard of the other's write under secrets that the other has not. What two of them always
    // share, and nobody who was removed, is the secret of the pair; both find the other among their neighbours in the ring.
    private IEnumerable<MeetingTopic> NeighbourTopics()
    {
        var neighbours = new SortedDictionary<IdentityId, DeviceCard>();
        foreach (var replica in _replicas.Values)
        {
            if (replica.Description.Kind != ConversationKind.Group || replica.NewestSecrets(2).Count < 2)
            {
                continue;
            }

            List<IdentityId> ring = [.. replica.Authority.Members.Select(member => member.Identity)];
            var self = ring.IndexOf(_services.Identity);
            for (var i = 0; self >= 0 && i < Math.Min(2 * NeighboursEachSide, ring.Count - 1); i++)
            {
                var step = i % 2 == 0 ? 1 + (i / 2) : ring.Count - 1 - (i / 2);
                var identity = ring[(self + step) % ring.Count];
                if (!_contacts.ContainsKey(identity) && replica.Authority.AuthorizedDevices.FirstOrDefault(device => device.Identity == identity).Card is { } card)
                {
                    neighbours[identity] = card;
                }
            }
        }

        foreach (var (identity, card) in neighbours)
        {
            if (PairTopic(card) is { } pair)
            {
                yield return Topic(pair, new MeetingSubject.Person(identity));
            }
        }
    }

    // Nobody new is expected under one that is used up, and who has used it shares another secret with this node.
    private IEnumerable<MeetingTopic> InviteTopics() => _issued.Values
        .Where(issued => issued.HasRoom && issued.Invite.ExpiresUnixMilliseconds > _services.Clock.Wall(_now))
        .Select(issued => issued.Invite)
        .OrderByDescending(invite => invite.ExpiresUnixMilliseconds)
        .Take(WatchedInvites)
        .Select(invite => Topic(
            RendezvousSecret.OfInvite(_services.Cryptography, invite.Secret, RecordKind.Contact), new MeetingSubject.Invitee()));

    private IEnumerable<MeetingTopic> GroupTopics()
    {
        foreach (var replica in _replicas.Values)
        {
            if (replica.Description.Kind != ConversationKind.Group
                || (!IsMember(replica, _services.Identity) && !replica.OwesLeave(_services.Clock.Wall(_now))))
            {
                continue;
            }

            var newest = replica.NewestSecrets(ReadEpochs);
            for (var i = 0; i < newest.Count; i++)
            {
                yield return Topic(
                    RendezvousSecret.OfEpoch(_services.Cryptography, replica.Id, new Bytes32(newest[i].Secret), RecordKind.Contact),
                    new MeetingSubject.Group(replica.Id),
                    isWritten: i == newest.Count - 1);
            }

            foreach (var secret in replica.HandedSecrets())
            {
                yield return Topic(
                    RendezvousSecret.OfEpoch(_services.Cryptography, replica.Id, secret, RecordKind.Contact),
                    new MeetingSubject.Group(replica.Id));
            }
        }
    }

    private RendezvousSecret? PairTopic(DeviceCard card)
    {
        if (!_pairTopics.TryGetValue(card.Identity, out var secret))
        {
            secret = PairSecret.Derive(
                _services.Cryptography, _services.Secrets.AgreementSecret.Span, _services.Identity, card.Certificate.Agreement, card.Identity) is { } pair
                ? RendezvousSecret.OfPair(_services.Cryptography, pair, RecordKind.Contact)
                : null;
            _pairTopics[card.Identity] = secret;
        }

        return secret;
    }

    private MeetingTopic Topic(RendezvousSecret secret, MeetingSubject subject, bool isWritten = true) => new(
        secret.Derive(_services.Cryptography, Domains.MeetingTopic), secret, secret.Derive(_services.Cryptography, Domains.LanSecret), subject, isWritten);

    /// <summary>Whether someone behind a topic is worth a lookup now.</summary>
    private bool IsWanted(MeetingSubject subject) => subject switch
    {
        MeetingSubject.Person person => !IsLinkedTo(person.Identity),
        MeetingSubject.Inviter inviter => !IsLinkedTo(inviter.Identity),
        MeetingSubject.Invitee => true,
        MeetingSubject.Group group => _replicas.TryGetValue(group.Conversation, out var replica) && LinkedMembers(replica) < EnoughMembers,
        _ => false,
    };

    /// <summary>Whether a record of this person's belongs under a topic.</summary>
    private bool IsExpected(MeetingSubject subject, IdentityId identity) => subject switch
    {
        MeetingSubject.Person person => person.Identity == identity,
        MeetingSubject.Inviter inviter => inviter.Identity == identity,
        MeetingSubject.Invitee => identity != _services.Identity && !IsLinkedTo(identity),
        MeetingSubject.Group group => _replicas.TryGetValue(group.Conversation, out var replica)
            && IsMember(replica, identity)
            && !IsLinkedTo(identity)
            && LinkedMembers(replica) < EnoughMembers,
        _ => false,
    };

    /// <summary>People, however many links and devices each has: one of them must not keep the others from being looked for.</summary>
    private int LinkedMembers(Replica replica)
    {
        var members = new HashSet<IdentityId>();
        foreach (var session in _sessions.Values)
        {
            if (session.FindChannel(replica) is { IsReady: true, Member: { } member } && member != _services.Identity)
            {
                members.Add(member);
            }
        }

        var linked = members.Count;
        var others = replica.Authority.Members.Count - 1;
        return others > 0 && linked >= others && !replica.AwaitsMembership ? EnoughMembers : linked;
    }

    // A group whose history has not come yet, or not since this person left it, has members that nobody here knows.
    private static bool IsMember(Replica replica, IdentityId identity) => replica.AwaitsMembership || replica.Authority.RoleOf(identity) > Role.None;

    /// <summary>Links with these people have ended: look for them again.</summary>
    private void Missed(IEnumerable<IdentityId> identities)
    {
        var missed = identities.ToList();
        foreach (var topic in missed.Count == 0 ? [] : _meeting.Topics.ToList())
        {
            var concerns = topic.Subject switch
            {
                MeetingSubject.Person person => missed.Contains(person.Identity),
                MeetingSubject.Inviter inviter => missed.Contains(inviter.Identity),
                MeetingSubject.Group group => _replicas.TryGetValue(group.Conversation, out var replica) && missed.Exists(identity => IsMember(replica, identity)),
                _ => false,
            };
            if (concerns)
            {
                _meeting.Hurry(topic, isWriting: false, _now);
            }
        }
    }
}
