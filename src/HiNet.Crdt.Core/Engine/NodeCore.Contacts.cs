using Google.Protobuf;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine;

public sealed partial class NodeCore
{
    private readonly SortedDictionary<IdentityId, ContactState> _contacts = [];
    private readonly SortedDictionary<Bytes32, Invite> _issued = [];

    IEnumerable<Invite> ISessionHost.IssuedInvites =>
        _issued.Values.Where(invite => invite.ExpiresUnixMilliseconds > _services.Clock.Wall(_now));

    IEnumerable<Invite> ISessionHost.AcceptedInvites =>
        _contacts.Values.Where(contact => contact.Pending is not null).Select(contact => contact.Pending!);

    void ISessionHost.Met(Invite invite, DeviceCard card, IReadOnlyList<string> addresses)
    {
        if (card.Identity == _services.Identity)
        {
            return;
        }

        var isNew = !_contacts.TryGetValue(card.Identity, out var contact);
        contact ??= new ContactState(card, string.Empty);
        contact.Learn(card);
        contact.Pending = null;
        contact.AddAddresses(addresses);
        Keep(contact);
        if (isNew)
        {
            _services.Marks.Hit("contact.met");
            WhenDurable(new NodeEffect.Announce(Stamped(new ContactAdded(default, contact.ToContact()))));
        }
    }

    private void LoadContacts()
    {
        var prefix = "c"u8.ToArray();
        using (var iterator = _services.Store.Durable.Scan(ColumnFamily.Contacts, prefix, StoreKeys.After(prefix)))
        {
            while (iterator.MoveNext())
            {
                var contact = ContactState.Decode(iterator.Value);
                _contacts[contact.Card.Identity] = contact;
                DialContact(contact);
            }
        }

        prefix = "i"u8.ToArray();
        using (var iterator = _services.Store.Durable.Scan(ColumnFamily.Contacts, prefix, StoreKeys.After(prefix)))
        {
            while (iterator.MoveNext())
            {
                var record = InviteRecord.Parser.ParseFrom(iterator.Value);
                var invite = Invite.From(_services.Card, new Bytes32(record.Secret.Span), record.Expires, [.. record.Addresses]);
                _issued[invite.Id(_services.Cryptography)] = invite;
            }
        }
    }

    private NodeResult CreateInvite(NodeCommand.CreateInvite command)
    {
        var now = _services.Clock.Wall(_now);
        foreach (var expired in _issued.Values.Where(i => i.ExpiresUnixMilliseconds <= now).ToList())
        {
            var id = expired.Id(_services.Cryptography);
            _issued.Remove(id);
            _services.Store.Delete(ColumnFamily.Contacts, StoreKeys.Invite(id));
        }

        if (_issued.Count >= Limits.Invites)
        {
            return new NodeResult.Refused($"{Limits.Invites} invites are outstanding: wait for some to expire.");
        }

        var addresses = command.AddressHints.Count > 0 ? command.AddressHints : _services.Options.AdvertisedAddresses;
        var expires = now + (long)Limits.InviteLifetime.TotalMilliseconds;
        var invite = Invite.Create(_services.Cryptography, _services.Card, expires, [.. addresses.Take(Invite.MaxAddresses)]);
        TopicsChanged();
        _issued[invite.Id(_services.Cryptography)] = invite;
        var record = new InviteRecord { Secret = ByteString.CopyFrom(invite.Secret.ToArray()), Expires = expires };
        record.Addresses.AddRange(invite.Addresses);
        _services.Store.Put(ColumnFamily.Contacts, StoreKeys.Invite(invite.Id(_services.Cryptography)), record.ToByteArray());
        return new NodeResult.Invited(invite.ToString());
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

        if (!invite.Card.IsValid(_services.Cryptography))
        {
            return new NodeResult.Refused("This invite's certificate is not valid: ask for a new one.");
        }

        var isNew = !_contacts.TryGetValue(invite.Card.Identity, out var contact);
        if (isNew && invite.ExpiresUnixMilliseconds <= _services.Clock.Wall(_now))
        {
            return new NodeResult.Refused("This invite has expired: ask for a new one.");
        }

        contact ??= new ContactState(invite.Card, string.Empty) { Pending = invite };
        contact.Learn(invite.Card);
        contact.AddAddresses(invite.Addresses);
        if (command.Name is { Length: > 0 } name)
        {
            contact.LocalName = PersonName.Clean(name, PersonName.MaxBytes);
        }

        Keep(contact);
        if (isNew)
        {
            WhenDurable(new NodeEffect.Announce(Stamped(new ContactAdded(default, contact.ToContact()))));
        }

        foreach (var session in _sessions.Values)
        {
            if (contact.Pending is { } pending)
            {
                session.Knock(pending, _now);
            }
        }

        return new NodeResult.Added(contact.ToContact());
    }

    private void Keep(ContactState contact)
    {
        TopicsChanged();
        _contacts[contact.Card.Identity] = contact;
        _services.Store.Put(ColumnFamily.Contacts, StoreKeys.Contact(contact.Card.Identity), contact.Encode());
        EnsureDirect(contact.Card);
        DialContact(contact);
    }

    private void DialContact(ContactState contact)
    {
        foreach (var address in contact.Addresses)
        {
            _dials.Keep(address, _now);
        }
    }

    private bool IsContactLinked(string address) =>
        _contacts.Values.Any(contact => contact.Addresses.Contains(address) && IsLinkedTo(contact.Card.Identity));

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
