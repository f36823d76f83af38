using Google.Protobuf;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>What a conversation is, apart from what is in it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Number">The number that this store gave it.</param>
/// <param name="Kind">Direct or group.</param>
/// <param name="Name">A group's name.</param>
/// <param name="Other">The other person of a direct conversation.</param>
/// <param name="IsVisible">Whether lists show it.</param>
/// <param name="Awaits">The entry that makes this person a member, by the last invitation, while it has not come; else null.</param>
/// <param name="InvitedBy">Whose invitation to a group was accepted here first; else nobody.</param>
/// <param name="Handed">The newest epoch that each inviter handed over, while <paramref name="Awaits"/> has not come; else none.</param>
internal sealed record ConversationDescription(
    ConversationId Id,
    uint Number,
    ConversationKind Kind,
    string Name,
    IdentityId Other,
    bool IsVisible,
    EntryId? Awaits = null,
    IdentityId InvitedBy = default,
    IReadOnlyList<HandedEpoch>? Handed = null)
{
    public IReadOnlyList<HandedEpoch> Handed { get; init; } = Handed ?? [];

    /// <summary>Both people of a direct conversation, once for a note to self; nobody for a group, whose genesis names them.</summary>
    public IReadOnlyList<IdentityId> Founders(IdentityId self) => Kind switch
    {
        ConversationKind.Group => [],
        _ when Other == self => [self],
        _ => self.CompareTo(Other) < 0 ? [self, Other] : [Other, self],
    };

    public byte[] Encode() => new ConversationRecord
    {
        Number = Number,
        Kind = (uint)Kind,
        Name = Name,
        Other = Kind == ConversationKind.Direct ? ByteString.CopyFrom(Other.ToArray()) : ByteString.Empty,
        Visible = IsVisible,
        Awaits = Awaits is { } grant ? ByteString.CopyFrom(grant.ToArray()) : ByteString.Empty,
        InvitedBy = InvitedBy == default ? ByteString.Empty : ByteString.CopyFrom(InvitedBy.ToArray()),
        Handed = { Handed.Select(handed => handed.Encode()) },
    }.ToByteArray();

    public static ConversationDescription Decode(ConversationId id, byte[] value)
    {
        var record = ConversationRecord.Parser.ParseFrom(value);
        var other = record.Other.Length == Bytes32.Size ? new IdentityId(record.Other.Span) : default;
        EntryId? grant = record.Awaits.Length == Bytes32.Size ? new EntryId(record.Awaits.Span) : null;
        var inviter = record.InvitedBy.Length == Bytes32.Size ? new IdentityId(record.InvitedBy.Span) : default;
        return new ConversationDescription(id, record.Number, (ConversationKind)record.Kind, record.Name, other, record.Visible, grant, inviter, HandedEpoch.Decode(record.Handed));
    }
}
