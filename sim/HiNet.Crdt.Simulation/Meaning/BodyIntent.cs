using Google.Protobuf;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>What a body says: for adversaries' entries, which no command asks for.</summary>
internal static class BodyIntent
{
    /// <summary>Null for a body that says nothing to people, or says it in no way that counts.</summary>
    public static Intent? Of(IMessage body) => body switch
    {
        MessageBody message => new Intent.Say(message.Text, IdOf(message.ReplyTo)),
        EditBody edit => IdOf(edit.Target) is { } target ? new Intent.Edit(target, edit.Text) : null,
        DeleteBody delete => new Intent.Delete([.. delete.Targets.Select(IdOf).OfType<EntryId>()]),
        ReactionBody reaction => IdOf(reaction.Target) is { } target ? new Intent.React(target, reaction.Emoji, reaction.Remove) : null,
        ReceiptBody receipt => IdOf(receipt.ReadUpTo) is { } upTo ? new Intent.ReadUpTo(upTo) : new Intent.Acknowledge(),
        SetRoleBody grant => new Intent.Grant(new IdentityId(grant.Identity.Span), (Role)grant.Role, grant.Cards.Count > 0),
        GenesisBody genesis => new Intent.Found(genesis.Name, [.. genesis.Members.Skip(1).Select(member => new IdentityId(member.Identity.Span))]),
        GroupInvitationBody invitation => IdOf(invitation.Group) is { } group ? new Intent.Invite(new ConversationId(group.Value)) : null,
        _ => null,
    };

    /// <summary>Null for bytes of no meaning, which say nothing.</summary>
    public static Intent? Of(uint kind, byte[] plaintext)
    {
        MessageParser? parser = kind switch
        {
            EntryKind.Message => MessageBody.Parser,
            EntryKind.Edit => EditBody.Parser,
            EntryKind.Delete => DeleteBody.Parser,
            EntryKind.Reaction => ReactionBody.Parser,
            EntryKind.Receipt => ReceiptBody.Parser,
            EntryKind.SetRole => SetRoleBody.Parser,
            EntryKind.Genesis => GenesisBody.Parser,
            EntryKind.GroupInvitation => GroupInvitationBody.Parser,
            _ => null,
        };
        try
        {
            return parser is null ? null : Of(parser.ParseFrom(plaintext));
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static EntryId? IdOf(ByteString bytes) => bytes.Length == Bytes32.Size ? new EntryId(bytes.Span) : null;
}
