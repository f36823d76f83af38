using Google.Protobuf;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine;

public sealed partial class NodeCore
{
    private NodeResult OpenDirect(NodeCommand.OpenDirect command)
    {
        var card = command.Contact == _services.Identity
            ? _services.Card
            : _contacts.GetValueOrDefault(command.Contact)?.Card;
        if (card is null)
        {
            return new NodeResult.Refused("This person is not a contact yet: add them with an invite of theirs.");
        }

        var replica = EnsureDirect(card);
        replica.Show();
        return new NodeResult.Opened(replica.Id);
    }

    private NodeResult CreateGroup(NodeCommand.CreateGroup command)
    {
        if (Utf8Length(command.Name) is not (> 0 and <= Limits.GroupNameBytes))
        {
            _services.Marks.Hit("bound.group.name");
            return new NodeResult.Refused($"A group's name is 1 to {Limits.GroupNameBytes} bytes of UTF-8.");
        }

        var members = command.Members.Where(member => member != _services.Identity).Distinct().ToList();
        if (members.Count + 1 > _services.Bounds.GenesisMembers)
        {
            _services.Marks.Hit("bound.genesis.members");
            return new NodeResult.Refused($"A group starts with at most {_services.Bounds.GenesisMembers} members: add the others afterwards.");
        }

        if (members.FirstOrDefault(member => !_contacts.ContainsKey(member)) is var stranger && !stranger.Value.IsZero)
        {
            return new NodeResult.Refused($"{stranger} is not a contact: add them with an invite of theirs first.");
        }

        if (members.Select(BehindProblem).FirstOrDefault(found => found is not null) is { } problem)
        {
            return new NodeResult.Refused(problem);
        }

        var salt = new byte[16];
        _services.Cryptography.FillSecret(salt);
        var body = new GenesisBody { Name = command.Name, Salt = ByteString.CopyFrom(salt) };
        body.Members.Add(Founder(_services.Card, Role.Owner));
        body.Members.AddRange(members.Select(member => Founder(_contacts[member].Card, Role.Member)));
        if (body.CalculateSize() > BodyCipher.MaxPlaintextBytes)
        {
            return new NodeResult.Refused("The certificates of so many members do not fit into a group's first entry: begin with half of them, and add the others afterwards.");
        }

        var group = Replica.CreateGroup(_nextNumber++, body, _services, this, _now);
        AddReplica(group);
        _toOpen.Add(group.Id);
        group.EnsureEpoch(_now);
        foreach (var member in members)
        {
            InviteToGroup(group, member, new EntryId(group.Id.Value));
        }

        WhenDurable(new NodeEffect.Announce(Stamped(
            new ConversationAdded(default, group.Id, ConversationKind.Group, command.Name))));
        return new NodeResult.Opened(group.Id);
    }

    private static GenesisMember Founder(DeviceCard card, Role role)
    {
        var member = new GenesisMember { Identity = ByteString.CopyFrom(card.Identity.ToArray()), Role = (uint)role };
        member.Cards.Add(ByteString.CopyFrom(card.Encode()));
        return member;
    }

    private NodeResult AddMember(Replica replica, NodeCommand.AddMember command)
    {
        if (replica.Description.Kind != ConversationKind.Group)
        {
            return new NodeResult.Refused("Nobody can be added to a direct conversation: create a group instead.");
        }

        if (replica.Authority.RoleOf(_services.Identity) < Role.Admin)
        {
            return new NodeResult.Refused("Only an admin or owner of the group can add members: ask one of them.");
        }

        if (!_contacts.TryGetValue(command.Member, out var contact))
        {
            return new NodeResult.Refused("This person is not a contact yet: add them with an invite of theirs.");
        }

        if (replica.Authority.RoleOf(command.Member) >= Role.Member)
        {
            return new NodeResult.Refused("This person is a member already.");
        }

        if (replica.Authority.TryGetDevice(contact.Card.Device, out var known) && known.Identity != command.Member)
        {
            return new NodeResult.Refused("This person's device is another member's: ask them for an invite from a device of their own.");
        }

        if (replica.Authority.Members.Count >= Limits.GroupMembers)
        {
            return new NodeResult.Refused($"A group has at most {Limits.GroupMembers:N0} members: create another one.");
        }

        if (BehindProblem(command.Member) is { } problem)
        {
            return new NodeResult.Refused(problem);
        }

        var body = new SetRoleBody
        {
            Identity = ByteString.CopyFrom(command.Member.ToArray()),
            Role = (uint)Role.Member,
        };
        body.Cards.Add(ByteString.CopyFrom(contact.Card.Encode()));
        var entry = replica.AppendControl(EntryKind.SetRole, body, _now);
        replica.EnsureEpoch(_now);
        InviteToGroup(replica, command.Member, entry);
        return Written(entry);
    }

    private NodeResult Leave(Replica replica)
    {
        if (replica.Description.Kind != ConversationKind.Group)
        {
            return new NodeResult.Refused("A direct conversation cannot be left.");
        }

        return Written(replica.AppendControl(
            EntryKind.SetRole,
            new SetRoleBody { Identity = ByteString.CopyFrom(_services.Identity.ToArray()), Role = (uint)Role.None },
            _now));
    }

    /// <summary>Inviting a contact writes in the direct conversation with them.</summary>
    private string? BehindProblem(IdentityId contact) => BehindProblem(EnsureDirect(_contacts[contact].Card));

    /// <summary>The invitation is an entry of the direct conversation, so it reaches a contact who is offline now once they are linked.</summary>
    private void InviteToGroup(Replica group, IdentityId member, EntryId grant)
    {
        var invitation = new GroupInvitationBody
        {
            Group = ByteString.CopyFrom(group.Id.ToArray()),
            ControlKey = ByteString.CopyFrom(group.ControlKey),
            Name = group.Description.Name,
            Grant = ByteString.CopyFrom(grant.ToArray()),
            Members = (uint)group.Authority.Members.Count,
        };
        if (group.EpochCount > _services.Bounds.InvitationEpochs)
        {
            _services.Marks.Hit("bound.invitation.epochs");
        }

        invitation.Epochs.AddRange(group.NewestSecrets(_services.Bounds.InvitationEpochs).Select(epoch => new EpochSecretBody
        {
            Epoch = ByteString.CopyFrom(epoch.Epoch.ToArray()),
            Secret = ByteString.CopyFrom(epoch.Secret),
        }));
        EnsureDirect(_contacts[member].Card).AppendContent(EntryKind.GroupInvitation, invitation, _now);
    }
}
