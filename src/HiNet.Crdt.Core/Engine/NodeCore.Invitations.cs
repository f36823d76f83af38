using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine;

/// <summary>Joining a group is a decision: of the person, or of the host for those of contacts.</summary>
public sealed partial class NodeCore
{
    /// <summary>Groups of which it may have changed whether invitations to them wait; null for all.</summary>
    private SortedSet<ConversationId>? _toSettle;

    /// <summary>Invitations that have come and of which nobody was told, since they may not have to wait.</summary>
    private readonly List<GroupInvited> _untold = [];

    void IReplicaHost.Invited(Replica direct, IdentityId by, ulong arrival, GroupInvitationBody invitation)
    {
        if (invitation.Group.Length != Bytes32.Size || invitation.ControlKey.Length != Bytes32.Size)
        {
            return;
        }

        var id = new ConversationId(invitation.Group.Span);
        if (IsDirect(id))
        {
            RefuseInvitation();
            return;
        }

        if (_replicas.TryGetValue(id, out var group) && (IsIn(group) || group.EntryCount == 0 || group.Knows(GrantOf(invitation)))
            && Join(by, invitation) != KeyOffer.NoPlace)
        {
            return;
        }

        if (group is { EntryCount: > 0 } && group.OfferControlKey(by, invitation.ControlKey.Span) != KeyOffer.Taken)
        {
            RefuseInvitation();
        }
        else
        {
            var isNews = _invitations.Of(id).All(known => known.By != by);
            _invitations.Add(id, by, direct.Number, arrival);
            _toSettle?.Add(id);
            if (isNews)
            {
                _untold.Add(new GroupInvited(default, id, GroupName.In(invitation), PersonOf(by)));
            }
        }
    }

    private NodeResult AcceptInvitation(ConversationId group) =>
        Join(group) ? new NodeResult.Opened(group)
        : _invitations.Of(group).Count == 0 ? new NodeResult.Refused("No invitation to this group waits here: list the invitations to see which do.")
        : new NodeResult.Refused($"{Limits.InvitersOfOneGroup} people have invited to this group before, and nothing of it has come: try again once one of its members is linked.");

    private NodeResult DeclineInvitation(ConversationId group)
    {
        if (_invitations.Of(group).Count == 0)
        {
            return new NodeResult.Refused("No invitation to this group waits here: list the invitations to see which do.");
        }

        _invitations.Remove(group);
        return new NodeResult.Done();
    }

    /// <summary>It may have changed whether invitations to a group wait, and to those of whoever has invited to it.</summary>
    private void SettleLater(Replica replica)
    {
        if (_toSettle is null || replica.Description.Kind != ConversationKind.Group)
        {
            return;
        }

        if (_invitations.Of(replica.Id).Count > 0)
        {
            _toSettle.Add(replica.Id);
        }

        _toSettle.UnionWith(_services.Options.AcceptInvitations ? _invitations.By(replica.Description.InvitedBy) : []);
    }

    /// <summary>Joins what the host lets join by itself, and what this person is in already.</summary>
    private void SettleInvitations()
    {
        if (_toSettle is { Count: 0 } && _untold.Count == 0)
        {
            return;
        }

        var groups = _toSettle ?? [.. _invitations.Groups];
        _toSettle = [];
        var counts = new SortedDictionary<IdentityId, (int Empty, int All)>();
        foreach (var held in groups.Count > 0 && _services.Options.AcceptInvitations ? _replicas.Values : [])
        {
            if (held.Description.Kind == ConversationKind.Group)
            {
                NoteJoined(counts, held.Description.InvitedBy, held.EntryCount == 0);
            }
        }

        foreach (var group in groups)
        {
            if (_replicas.TryGetValue(group, out var held) && IsIn(held))
            {
                Join(group);
            }
            else if (_services.Options.AcceptInvitations && InviterWithRoom(group, counts) is { } by && Join(group, by))
            {
                NoteJoined(counts, by, isEmpty: true);
            }
        }

        foreach (var invited in _untold.Where(invited => _invitations.Of(invited.Group).Any(known => known.By == invited.By.Id)))
        {
            _services.Marks.Hit("group.invitation.waits");
            WhenDurable(new NodeEffect.Announce(Stamped(invited)));
        }

        _untold.Clear();
    }

    private static void NoteJoined(SortedDictionary<IdentityId, (int Empty, int All)> counts, IdentityId by, bool isEmpty)
    {
        var (empty, all) = counts.GetValueOrDefault(by);
        counts[by] = (empty + (isEmpty ? 1 : 0), all + 1);
    }

    /// <summary>
    /// For whose sake a group is joined unasked: one of those who invite to it, at whose word not too many have been, and of whom not too many are empty. Whoever
    /// makes up groups without end must not make this node hold them, nor keep it out of one that somebody else invites to. Null when there is none.
    /// </summary>
    private IdentityId? InviterWithRoom(ConversationId group, SortedDictionary<IdentityId, (int Empty, int All)> counts)
    {
        var inviters = _invitations.Of(group).Select(known => known.By).ToList();
        if (inviters.Count == 0)
        {
            return null;
        }

        if (_replicas.ContainsKey(group) || _services.Has(PlantedBug.InvitationsUnbounded))
        {
            return inviters[0];
        }

        foreach (var by in counts.Values.Sum(known => known.Empty) < Limits.EmptyGroups ? inviters : [])
        {
            var (empty, all) = counts.GetValueOrDefault(by);
            if (empty < Limits.EmptyGroupsOfOnePerson && all < _services.Bounds.GroupsOfOnePerson)
            {
                return by;
            }
        }

        _services.Marks.Hit("bound.empty.groups");
        return null;
    }

    /// <summary>
    /// Joins a group by the invitations to it that wait, at first by that of <paramref name="first"/>; false when none could be taken. One for whose key there is no place
    /// goes on waiting, while nothing of the group has come.
    /// </summary>
    private bool Join(ConversationId group, IdentityId? first = null)
    {
        var isTaken = false;
        foreach (var (by, arrival) in _invitations.Of(group).OrderBy(known => known.By == first ? 0 : 1))
        {
            var invitation = _replicas[ConversationIds.Direct(_services.Cryptography, _services.Identity, by)].ReadInvitation(arrival);
            var offer = invitation is null ? KeyOffer.Wrong : Join(by, invitation);
            if (offer != KeyOffer.NoPlace)
            {
                _invitations.Remove(group, by);
            }

            isTaken |= offer == KeyOffer.Taken;
        }

        return isTaken;
    }

    /// <summary>Holds the group, and gets its entries from any member who is linked, unless it cannot take the key.</summary>
    private KeyOffer Join(IdentityId by, GroupInvitationBody invitation)
    {
        var id = new ConversationId(invitation.Group.Span);
        if (IsDirect(id))
        {
            RefuseInvitation();
            return KeyOffer.Wrong;
        }

        if (!_replicas.TryGetValue(id, out var group))
        {
            var name = GroupName.In(invitation);
            var description = new ConversationDescription(
                id, _nextNumber++, ConversationKind.Group, name, default, IsVisible: true, Awaits: GrantOf(invitation), InvitedBy: by);
            group = Replica.Create(description, invitation.ControlKey.ToByteArray(), _services, this);
            AddReplica(group);
            _toOpen.Add(id);
            WhenDurable(new NodeEffect.Announce(Stamped(new ConversationAdded(default, id, ConversationKind.Group, name))));
        }
        else if (group.OfferControlKey(by, invitation.ControlKey.Span) is not KeyOffer.Taken and var offer)
        {
            RefuseInvitation();
            return offer;
        }
        else
        {
            group.InvitedAgain(GrantOf(invitation));
        }

        group.TakeHanded(by, [.. invitation.Epochs
            .Where(epoch => epoch.Epoch.Length == Bytes32.Size && epoch.Secret.Length == Bytes32.Size)
            .Select(epoch => (new EntryId(epoch.Epoch.Span), new Bytes32(epoch.Secret.Span)))]);
        return KeyOffer.Taken;
    }

    /// <summary>Whoever wrote it has heard the group's id somewhere, and is no member; or it is a direct conversation's.</summary>
    private void RefuseInvitation() => _services.Marks.Hit("group.invitation.refused");

    private bool IsIn(Replica group) => group.Authority.RoleOf(_services.Identity) > Role.None;

    private Person PersonOf(IdentityId contact) =>
        new(contact, _contacts.TryGetValue(contact, out var known) ? known.ToContact().Name : string.Empty);

    /// <summary>The entry that makes this person a member; an invitation that names none means the genesis.</summary>
    private static EntryId GrantOf(GroupInvitationBody invitation) =>
        new(invitation.Grant.Length == Bytes32.Size ? invitation.Grant.Span : invitation.Group.Span);
}
