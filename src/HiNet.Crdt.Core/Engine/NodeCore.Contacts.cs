using HiNet.Crdt.Core.Dht.Records;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine;

public sealed partial class NodeCore
{
    private readonly SortedDictionary<IdentityId, ContactState> _contacts = [];
    private readonly SortedDictionary<Bytes32, IssuedInvite> _issued = [];

    /// <summary>Another one whenever invites were issued or forgotten.</summary>
    private long _issuedVersion;

    Invite? ISessionHost.FindInvite(LinkSession session, ReadOnlySpan<byte> channelName) =>
        _channelIndex.FindInvite(session, channelName, _issued.Values.Select(issued => issued.Invite), _issuedVersion) is { } invite
        && invite.ExpiresUnixMilliseconds > _services.Clock.Wall(_now)
            ? invite
            : null;

    IEnumerable<Invite> ISessionHost.AcceptedInvites => _contacts.Values.Where(contact => contact.IsPendingKept).Select(contact => contact.Pending!);

    bool ISessionHost.Admit(Invite invite, IdentityId identity)
    {
        // Whoever used it is a contact since, and may have missed the answer.
        if (identity == _services.Identity || _contacts.ContainsKey(identity))
        {
            return true;
        }

        var id = invite.Id(_services.Cryptography);
        if (!_issued.TryGetValue(id, out var issued) || !issued.HasRoom)
        {
            _services.Marks.Hit("invite.used.up");
            _effects.Add(new NodeEffect.Count("hinet.invites.refused", 1));
            return false;
        }

        issued.Use();
        _services.PutSealed(ColumnFamily.Contacts, StoreKeys.Invite(id), issued.Encode());
        return true;
    }

    void ISessionHost.Refused(Invite invite)
    {
        if (_contacts.TryGetValue(invite.Card.Identity, out var contact) && contact.Pending?.Secret == invite.Secret)
        {
            Lapse(contact, ContactStatus.InviteUsed);
        }
    }

    void ISessionHost.Met(Invite invite, DeviceCard card, IReadOnlyList<string> addresses)
    {
        if (card.Identity == _services.Identity)
        {
            return;
        }

        var isNew = !_contacts.TryGetValue(card.Identity, out var contact);
        contact ??= new ContactState(card, string.Empty);
        contact.Learn(card);
        var gone = contact.AddAddresses(addresses.Where(MayBeNamedByOthers));
        if (isNew)
        {
            Keep(contact);
            _services.Marks.Hit("contact.met");
            WhenDurable(new NodeEffect.Announce(Stamped(new ContactAdded(default, contact.ToContact()))));
        }
        else
        {
            Settle(contact);
        }

        StopDialling(gone);
    }

    private void LoadContacts()
    {
        foreach (var (_, record) in _services.Rows.All(ColumnFamily.Contacts, 'c'))
        {
            var contact = ContactState.Decode(record);
            contact.IsPendingKept = contact.Pending is not null;
            _contacts[contact.Card.Identity] = contact;
            DialContact(contact);
        }

        foreach (var (_, record) in _services.Rows.All(ColumnFamily.Contacts, 'i'))
        {
            var issued = IssuedInvite.Decode(_services.Card, record);
            _issued[issued.Invite.Id(_services.Cryptography)] = issued;
        }
    }

    private NodeResult CreateInvite(NodeCommand.CreateInvite command)
    {
        if (command.Uses is < 1 or > Limits.InviteUses)
        {
            _services.Marks.Hit("bound.invite.uses");
            return new NodeResult.Refused($"An invite is for 1 to {Limits.InviteUses:N0} people.");
        }

        var now = _services.Clock.Wall(_now);
        if (_issued.Count >= _services.Bounds.Invites)
        {
            ForgetExpired(now);
        }

        if (_issued.Count >= _services.Bounds.Invites)
        {
            _services.Marks.Hit("bound.invites");
            return new NodeResult.Refused($"{_services.Bounds.Invites} invites are outstanding: wait for some to expire.");
        }

        var addresses = command.AddressHints.Count > 0 ? command.AddressHints : _services.Options.AdvertisedAddresses;
        var expires = now + (long)Limits.InviteLifetime.TotalMilliseconds;
        var invite = Invite.Create(_services.Cryptography, _services.Card, expires, [.. addresses.Take(Invite.MaxAddresses)]);
        TopicsChanged();
        var issued = new IssuedInvite(invite, (uint)command.Uses);
        _issued[invite.Id(_services.Cryptography)] = issued;
        _issuedVersion++;
        _services.PutSealed(ColumnFamily.Contacts, StoreKeys.Invite(invite.Id(_services.Cryptography)), issued.Encode());
        return new NodeResult.Invited(invite.ToString());
    }

    /// <summary>Only where others need the room: by a clock that was wrong an invite has expired that is good when it is set right.</summary>
    private void ForgetExpired(long now)
    {
        foreach (var expired in _issued.Where(issued => issued.Value.Invite.ExpiresUnixMilliseconds <= now).Select(issued => issued.Key).ToList())
        {
            _issued.Remove(expired);
            _issuedVersion++;
            _services.Store.Delete(ColumnFamily.Contacts, StoreKeys.Invite(expired));
        }
    }

    private NodeResult AddContact(NodeCommand.AddContact command)
    {
        if (!Invite.TryParse(command.Invite, out var invite, out var problem))
        {
            return new NodeResult.Refused(problem);
        }

        if (invite!.Card.Identity == _services.Identity)
        {
            return new NodeResult.Refused("This invite is your own: give it to someone else.");
        }

        if (!_services.Cards.Contains(invite.Card))
        {
            return new NodeResult.Refused("This invite's certificate is not valid: ask for a new one.");
        }

        var isNew = !_contacts.TryGetValue(invite.Card.Identity, out var contact);
        var isExpired = invite.ExpiresUnixMilliseconds <= _services.Clock.Wall(_now);
        if (isNew && isExpired)
        {
            return new NodeResult.Refused("This invite has expired: ask for a new one.");
        }

        contact ??= new ContactState(invite.Card, string.Empty) { Pending = invite };
        if (contact.Status != ContactStatus.Met && !isExpired)
        {
            // The newest of several: the one before it may be the one that was used up.
            contact.Pending = invite;
        }

        contact.Learn(invite.Card);
        var gone = contact.AddAddresses(invite.Addresses);
        if (command.Name is { Length: > 0 } name)
        {
            contact.LocalName = PersonName.Clean(name, PersonName.MaxBytes);
        }

        Keep(contact);
        StopDialling(gone);
        if (isNew)
        {
            WhenDurable(new NodeEffect.Announce(Stamped(new ContactAdded(default, contact.ToContact()))));
        }

        return new NodeResult.Added(contact.ToContact());
    }

    /// <summary>Each knows the other.</summary>
    private void Settle(ContactState contact)
    {
        var wasMet = contact.Status == ContactStatus.Met;
        contact.Settle(ContactStatus.Met);
        Keep(contact);
        if (!wasMet)
        {
            WhenDurable(new NodeEffect.Announce(Stamped(new ContactMet(default, contact.ToContact()))));
        }
    }

    /// <summary>Nothing more will come of the invite that was accepted.</summary>
    private void Lapse(ContactState contact, ContactStatus why)
    {
        contact.Settle(why);
        Keep(contact);
        WhenDurable(new NodeEffect.Announce(Stamped(new InviteLapsed(default, contact.ToContact()))));
    }

    private void LapseExpired()
    {
        // Not by a clock that cannot be right: when it is set, the invite may be as good as before.
        if (!RecordSchedule.Covers(_services.Clock.Wall(_now)))
        {
            return;
        }

        var bound = _services.Clock.Wall(_now) - (long)Limits.InviteGrace.TotalMilliseconds;
        foreach (var contact in _contacts.Values.Where(contact => contact.Pending?.ExpiresUnixMilliseconds <= bound).ToList())
        {
            _services.Marks.Hit("invite.expired");
            Lapse(contact, ContactStatus.InviteExpired);
        }
    }

    private void Keep(ContactState contact)
    {
        TopicsChanged();
        _contacts[contact.Card.Identity] = contact;
        _services.PutSealed(ColumnFamily.Contacts, StoreKeys.Contact(contact.Card.Identity), contact.Encode());
        EnsureDirect(contact.Card);
        DialContact(contact);
        if (contact.Pending is { } pending && !contact.IsPendingKept)
        {
            ((ISessionHost)this).WhenDurable(now => Knock(contact, pending, now));
        }
    }

    /// <summary>
    /// Uses an invite on every link that is up, once it is durable that it was accepted: a place in an invite that a crash here forgets
    /// would be lost, and the issuer would have a contact who knows nothing of it.
    /// </summary>
    private void Knock(ContactState contact, Invite pending, Instant now)
    {
        if (contact.Pending != pending)
        {
            return;
        }

        contact.IsPendingKept = true;
        foreach (var session in _sessions.Values)
        {
            session.Knock(pending, now);
        }
    }

    private void DialContact(ContactState contact)
    {
        var from = contact.MayBeDialledAnewFrom(_now);
        foreach (var address in contact.Addresses)
        {
            if (_dials.Keep(address, from))
            {
                contact.DialledAnew(from);
            }
        }
    }

    /// <summary>Addresses of a contact gave way to others: unless somebody else has them they are dialled no more.</summary>
    private void StopDialling(IEnumerable<string> addresses)
    {
        foreach (var address in addresses)
        {
            if (!_keptLinked.Contains(address) && !_contacts.Values.Any(contact => contact.Addresses.Contains(address)))
            {
                _dials.Forget(address);
            }
        }
    }

    /// <summary>Whether nobody is missed who may be at an address: whoever names another's keeps them from being dialled no longer than they are linked.</summary>
    private bool AreContactsLinked(string address)
    {
        var any = false;
        foreach (var contact in _contacts.Values.Where(contact => contact.Addresses.Contains(address)))
        {
            any = true;
            if (!IsLinkedTo(contact.Card.Identity))
            {
                return false;
            }
        }

        return any;
    }

    private bool IsLinkedTo(IdentityId identity) =>
        _sessions.Values.Any(session => session.Machine.IsEstablished && session.Identities.Contains(identity));

    private void RedialContacts(IEnumerable<IdentityId> identities)
    {
        foreach (var identity in identities)
        {
            if (_contacts.TryGetValue(identity, out var contact) && !IsLinkedTo(identity))
            {
                foreach (var address in contact.Addresses)
                {
                    _dials.Failed(address, _now);
                }
            }
        }
    }
}
