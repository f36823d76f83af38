using Google.Protobuf;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>What a conversation is, apart from what is in it.</summary>
internal sealed record ConversationDescription(
    ConversationId Id,
    uint Number,
    ConversationKind Kind,
    string Name,
    IdentityId Other,
    bool IsVisible)
{
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
    }.ToByteArray();

    public static ConversationDescription Decode(ConversationId id, byte[] value)
    {
        var record = ConversationRecord.Parser.ParseFrom(value);
        var other = record.Other.Length == Bytes32.Size ? new IdentityId(record.Other.Span) : default;
        return new ConversationDescription(id, record.Number, (ConversationKind)record.Kind, record.Name, other, record.Visible);
    }
}
