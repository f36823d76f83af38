using Google.Protobuf;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine;

/// <summary>What this node knows of someone it can write to.</summary>
internal sealed class ContactState(DeviceCard card, string localName)
{
    private const int MaxAddresses = 8;
    private const uint UsedUp = 1;
    private const uint Expired = 2;

    /// <summary>In so long new addresses of somebody are dialled twice: who names others again and again has few of them dialled.</summary>
    internal static readonly TimeSpan PauseOfNew = TimeSpan.FromMinutes(1);

    private static readonly Instant s_longAgo = new(-PauseOfNew.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>When addresses of theirs were dialled newly the last two times, or will be: by an invite and by an introduction, say.</summary>
    private (Instant Before, Instant Last) _dialledAnew = (s_longAgo, s_longAgo);
    private ContactStatus _settled = ContactStatus.Met;
    private Invite? _pending;

    public DeviceCard Card { get; private set; } = card;

    /// <summary>The reader's own name for them; empty for none.</summary>
    public string LocalName { get; set; } = localName;

    public List<string> Addresses { get; } = [];

    /// <summary>
    /// When addresses that they name newly may be dialled first: when those before are, if that is to come.
    /// </summary>
    public Instant MayBeDialledAnewFrom(Instant now) =>
        _dialledAnew.Last > now ? _dialledAnew.Last : Instant.Max(now, _dialledAnew.Before + PauseOfNew);

    /// <summary>Addresses that are new are dialled from then on.</summary>
    public void DialledAnew(Instant from) => _dialledAnew = from > _dialledAnew.Last ? (_dialledAnew.Last, from) : _dialledAnew;

    /// <summary>The invite to knock with until its issuer has answered.</summary>
    public Invite? Pending
    {
        get => _pending;
        set => (_pending, IsPendingKept) = (value, false);
    }

    /// <summary>It is durable that the invite was accepted.</summary>
    public bool IsPendingKept { get; set; }

    public ContactStatus Status => Pending is null ? _settled : ContactStatus.Waiting;

    /// <summary>The invite was answered, or will not be.</summary>
    public void Settle(ContactStatus status)
    {
        Pending = null;
        _settled = status;
    }

    public void Learn(DeviceCard card)
    {
        if (card.Device != Card.Device || card.LeafIndex >= Card.LeafIndex)
        {
            Card = card;
        }
    }

    /// <summary>Newest first; the oldest give way, and are returned.</summary>
    public IReadOnlyList<string> AddAddresses(IEnumerable<string> addresses)
    {
        foreach (var address in addresses)
        {
            Addresses.Remove(address);
            Addresses.Insert(0, address);
        }

        if (Addresses.Count <= MaxAddresses)
        {
            return [];
        }

        List<string> oldest = [.. Addresses.Skip(MaxAddresses)];
        Addresses.RemoveRange(MaxAddresses, oldest.Count);
        return oldest;
    }

    public Contact ToContact() => new(Card.Identity, LocalName.Length > 0 ? LocalName : Card.Name, Card.Name, Status);

    public byte[] Encode()
    {
        var record = new ContactRecord { Card = ByteString.CopyFrom(Card.Encode()), LocalName = LocalName, Lapsed = Lapsed(_settled) };
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
        contact._settled = record.Lapsed switch
        {
            UsedUp => ContactStatus.InviteUsed,
            Expired => ContactStatus.InviteExpired,
            _ => ContactStatus.Met,
        };
        if (record.PendingInvite.Length == Bytes32.Size)
        {
            contact.Pending = Invite.From(card!, new Bytes32(record.PendingInvite.Span), record.InviteExpires, [.. record.Addresses]);
        }

        return contact;
    }

    private static uint Lapsed(ContactStatus status) => status switch
    {
        ContactStatus.InviteUsed => UsedUp,
        ContactStatus.InviteExpired => Expired,
        _ => 0,
    };
}
