using Google.Protobuf;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine;

/// <summary>An invite of this node's, and how many people it still has room for. Who used it is in the contacts.</summary>
internal sealed class IssuedInvite(Invite invite, uint uses)
{
    public Invite Invite { get; } = invite;

    public uint Used { get; private set; }

    /// <summary>Someone new may come. One from before uses were counted has room for everybody.</summary>
    public bool HasRoom => uses == 0 || Used < uses;

    public void Use() => Used++;

    public byte[] Encode()
    {
        var record = new InviteRecord
        {
            Secret = ByteString.CopyFrom(Invite.Secret.ToArray()),
            Expires = Invite.ExpiresUnixMilliseconds,
            Uses = uses,
            Used = Used,
        };
        record.Addresses.AddRange(Invite.Addresses);
        return record.ToByteArray();
    }

    public static IssuedInvite Decode(DeviceCard card, ReadOnlySpan<byte> value)
    {
        var record = InviteRecord.Parser.ParseFrom(value);
        return new IssuedInvite(Invite.From(card, new Bytes32(record.Secret.Span), record.Expires, [.. record.Addresses]), record.Uses) { Used = record.Used };
    }
}
