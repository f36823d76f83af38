using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine;

/// <summary>Joining a group is a decision: of the person, or of the host for those of contacts.</summary>
public sealed partial class NodeCore
{
    /// <summary>What decides about waiting invitations may have changed.</summary>
    private bool _hasToSettleInvitations = true;

    /// <summary>Invitations that have come and of which nobody was told, since they may not have to wait.</summary>
    private readonly List<GroupInvited> _untold = [];

    void IReplicaHost.Invited(Replica direct, IdentityId by, ulong arrival, GroupInvitationBody invitation)
    {
        if (invitation.Group.Length != Bytes32.Size || invitation.ControlKey.Length != Bytes32.Size)
        {
            return;
        }

        var id = new ConversationId(invitation.Group.Span);
        if (_replicas.TryGetValue(id, out var group) && (IsIn(group) || group.EntryCount == 0 || group.Knows(GrantOf(invitation))))
        {
            Join(by, invitation);
        }
        else if (group is not null && !group.OfferControlKey(by, invitation.ControlKey.Span))
        {
            RefuseInvitation();
        }
        else
        {
            var isNews = _invitations.Of(id).All(known => known.By != by);
            _invitations.Add(id, by, direct.Number, arrival);
            _hasToSettleInvitations = true;
            if (isNews)
            {
                _untold.Add(new GroupInvited(default, id, GroupName.In(invitation), PersonOf(by)));
            }
        }
    }

    private NodeResult AcceptInvitation(ConversationId group) =>
        Join(group)
            ? new NodeResult.Opened(group)
            : new NodeResult.Refused("No invitation to this group waits here: list the invitations to see which do.");

    private NodeResult DeclineInvitation(ConversationId group)
    {
        if (_invitations.Of(group).Count == 0)
        {
            return new NodeResult.Refused("No invitation to this group waits here: list the invitations to see which do.");
        }

        _invitations.Remove(group);
        return new NodeResult.Done();
    }

    /// <summary>Joins what the host lets join by itself, and what this person is in already.</summary>
    private void SettleInvitations()
    {
        if (!_hasToSettleInvitations)
        {
            return;
        }

        _hasToSettleInvitations = false;
        foreach (var group in _invitations.Groups.ToList())
        {
            if (_replicas.TryGetValue(group, out var held) && IsIn(held))
            {
                Join(group);
            }
            else if (_services.Options.AcceptInvitations && InviterWithRoom(group) is { } by)
            {
                Join(group, by);
            }
        }

        foreach (var invited in _untold.Where(invited => _invitations.Of(invited.Group).Any(known => known.By == invited.By.Id)))
        {
            _services.Marks.Hit("group.invitation.waits");
            WhenDurable(new NodeEffect.Announce(Stamped(invited)));
        }

        _untold.Clear();
    }

    /// <summary>
    /// For whose sake a group is joined unasked: one of those who invite to it, of whom not too many groups are empty here. Whoever
    /// makes up groups without end must not make this node hold them, nor keep it out of one that somebody else invites to. Null when there is none.
    /// </summary>
    private IdentityId? InviterWithRoom(ConversationId group)
    {
        var inviters = _invitations.Of(group).Select(known => known.By).ToList();
        if (_replicas.ContainsKey(group) || _services.Has(PlantedBug.InvitationsUnbounded))
        {
            return inviters[0];
        }

        foreach (var by in inviters)
        {
            if (_replicas.Values.Count(held => held.EntryCount == 0 && held.Description.InvitedBy == by) < Limits.EmptyGroupsOfOnePerson)
            {
                return by;
            }
        }

        _services.Marks.Hit("bound.empty.groups");
        return null;
    }

    /// <summary>Joins a group by all invitations to it that wait, at first by that of <paramref name="first"/>; false when none does.</summary>
    private bool Join(ConversationId group, IdentityId? first = null)
    {
        var waiting = _invitations.Of(group);
        _invitations.Remove(group);
        foreach (var (by, arrival) in waiting.OrderBy(known => known.By == first ? 0 : 1))
        {
            if (_replicas[ConversationIds.Direct(_services.Cryptography, _services.Identity, by)].ReadInvitation(arrival) is { } invitation)
            {
                Join(by, invitation);
            }
        }

        return waiting.Count > 0;
    }

    /// <summary>Holds the group, and gets its entries from any member who is linked.</summary>
    private void Join(IdentityId by, GroupInvitationBody invitation)
    {
        var id = new ConversationId(invitation.Group.Span);
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
        else if (!group.OfferControlKey(by, invitation.ControlKey.Span))
        {
            RefuseInvitation();
            return;
        }
        else
        {
            group.InvitedAgain(GrantOf(invitation));
        }

        foreach (var epoch in invitation.Epochs.Take(Limits.InvitationEpochs))
        {
            if (epoch.Epoch.Length == Bytes32.Size && epoch.Secret.Length == Bytes32.Size)
            {
                group.LearnSecret(new EntryId(epoch.Epoch.Span), epoch.Secret.ToByteArray());
            }
        }

        if (invitation.Epochs.LastOrDefault() is { Epoch.Length: Bytes32.Size } newest)
        {
            group.MeetUnder(by, new EntryId(newest.Epoch.Span));
        }
    }

    /// <summary>Whoever wrote it has heard the group's id somewhere, and is no member.</summary>
    private void RefuseInvitation() => _services.Marks.Hit("group.invitation.refused");

    private bool IsIn(Replica group) => group.Authority.RoleOf(_services.Identity) > Role.None;

    private Person PersonOf(IdentityId contact) =>
        new(contact, _contacts.TryGetValue(contact, out var known) ? known.ToContact().Name : string.Empty);

    /// <summary>The entry that makes this person a member; an invitation that names none means the genesis.</summary>
    private static EntryId GrantOf(GroupInvitationBody invitation) =>
        new(invitation.Grant.Length == Bytes32.Size ? invitation.Grant.Span : invitation.Group.Span);
}
