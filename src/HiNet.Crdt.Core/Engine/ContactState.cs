using Google.Protobuf;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine;

/// <summary>What this node knows of someone it can write to.</summary>
internal sealed class ContactState(DeviceCard card, string localName)
{
    private const int MaxAddresses = 8;

    public DeviceCard Card { get; private set; } = card;

    /// <summary>The reader's own name for them; empty for none.</summary>
    public string LocalName { get; set; } = localName;

    public List<string> Addresses { get; } = [];

    /// <summary>The invite to knock with until its issuer has answered.</summary>
    public Invite? Pending { get; set; }

    public void Learn(DeviceCard card)
    {
        if (card.Device != Card.Device || card.LeafIndex >= Card.LeafIndex)
        {
            Card = card;
        }
    }

    /// <summary>Newest first; the oldest give way.</summary>
    public void AddAddresses(IEnumerable<string> addresses)
    {
        foreach (var address in addresses)
        {
            Addresses.Remove(address);
            Addresses.Insert(0, address);
        }

        if (Addresses.Count > MaxAddresses)
        {
            Addresses.RemoveRange(MaxAddresses, Addresses.Count - MaxAddresses);
        }
    }

    public Contact ToContact() => new(Card.Identity, LocalName.Length > 0 ? LocalName : Card.Name, Card.Name);

    public byte[] Encode()
    {
        var record = new ContactRecord { Card = ByteString.CopyFrom(Card.Encode()), LocalName = LocalName };
        record.Addresses.AddRange(Addresses);
        if (Pending is { } invite)
        {
            record.PendingInvite = ByteString.CopyFrom(invite.Secret.ToArray());
            record.InviteExpires = invite.ExpiresUnixMilliseconds;
        }

        return record.ToByteArray();
    }

    public static ContactState Decode(ReadOnlySpan<byte> value)
    {
        var record = ContactRecord.Parser.ParseFrom(value);
        if (!DeviceCard.TryDecode(record.Card.Span, out var card))
        {
            throw new StoreException("A contact's card is damaged: restore the home from a backup.");
        }

        var contact = new ContactState(card!, record.LocalName);
        contact.Addresses.AddRange(record.Addresses);
        if (record.PendingInvite.Length == Bytes32.Size)
        {
            contact.Pending = Invite.From(card!, new Bytes32(record.PendingInvite.Span), record.InviteExpires, [.. record.Addresses]);
        }

        return contact;
    }
}
