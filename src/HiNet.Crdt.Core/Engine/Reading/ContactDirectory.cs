using HiNet.Crdt.Core.Engine.Storage;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Reading;

/// <summary>The contacts that are durable. A row is opened once for as long as it stays what it is. Not thread-safe.</summary>
internal sealed class ContactDirectory(IStoreReader store, SealedRows rows)
{
    private readonly Dictionary<IdentityId, (byte[] Row, Contact Contact)> _opened = [];

    /// <summary>In no order that means anything.</summary>
    public List<Contact> All()
    {
        var contacts = new List<Contact>();
        var prefix = "c"u8.ToArray();
        using var iterator = store.Scan(ColumnFamily.Contacts, prefix, StoreKeys.After(prefix));
        while (iterator.MoveNext())
        {
            contacts.Add(Open(new IdentityId(iterator.Key[1..]), iterator.Value));
        }

        return contacts;
    }

    /// <summary>Null for somebody who is no contact.</summary>
    public Contact? Find(IdentityId person) =>
        store.TryGet(ColumnFamily.Contacts, StoreKeys.Contact(person), out var row) ? Open(person, row) : null;

    private Contact Open(IdentityId person, ReadOnlySpan<byte> row)
    {
        if (_opened.TryGetValue(person, out var opened) && row.SequenceEqual(opened.Row))
        {
            return opened.Contact;
        }

        var contact = ContactState.Decode(rows.Open(ColumnFamily.Contacts, StoreKeys.Contact(person), row)).ToContact();
        _opened[person] = (row.ToArray(), contact);
        return contact;
    }
}
