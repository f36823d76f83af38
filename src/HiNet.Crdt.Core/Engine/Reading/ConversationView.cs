using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;
using EntryHeader = HiNet.Crdt.Core.Log.EntryHeader;

namespace HiNet.Crdt.Core.Engine.Reading;

/// <summary>One conversation during one read: who its devices belong to, what its people are called, what its keys open.</summary>
internal sealed class ConversationView
{
    private readonly IStoreReader _store;
    private readonly ICryptography _cryptography;
    private readonly HomeSecrets _secrets;
    private readonly Dictionary<EntryId, byte[]?> _epochSecrets = [];
    private readonly ConversationPeople _here;
    private readonly ContactDirectory _contacts;
    private readonly Dictionary<IdentityId, Person> _people = [];
    private byte[]? _controlKey;
    private SortedDictionary<IdentityId, ReceiptState>? _receipts;

    public ConversationView(
        ConversationDescription description,
        ConversationPeople people,
        ContactDirectory contacts,
        IStoreReader store,
        ICryptography cryptography,
        HomeSecrets secrets)
    {
        Description = description;
        _store = store;
        _cryptography = cryptography;
        _secrets = secrets;
        _here = people;
        _contacts = contacts;
    }

    public ConversationDescription Description { get; }

    public IReadOnlyList<MemberRecord> Members => _here.Members;

    public IdentityId Self => _secrets.Identity;

    public uint Number => Description.Number;

    /// <summary>Whose a device is; default for one that nobody has introduced here.</summary>
    public IdentityId OwnerOf(DeviceId device) =>
        _here.OwnerOf(device) is var owner && owner != default ? owner
        : _store.TryGet(ColumnFamily.Conversations, StoreKeys.Owner(Number, device), out var row) ? new IdentityId(row)
        : default;

    /// <summary>What each member has received and read.</summary>
    public SortedDictionary<IdentityId, ReceiptState> Receipts
    {
        get
        {
            if (_receipts is null)
            {
                _receipts = [];
                var prefix = StoreKeys.Tagged('r', Number);
                using var iterator = _store.Scan(ColumnFamily.Conversations, prefix, StoreKeys.After(prefix));
                while (iterator.MoveNext())
                {
                    _receipts[new IdentityId(iterator.Key[5..])] = ReceiptState.Decode(iterator.Value.ToArray());
                }
            }

            return _receipts;
        }
    }

    public Person PersonOf(IdentityId identity)
    {
        if (!_people.TryGetValue(identity, out var person))
        {
            _people[identity] = person = new Person(identity, NameOf(identity));
        }

        return person;
    }

    public Person AuthorOf(EntryHeader header) => PersonOf(OwnerOf(header.Device));

    public EntryId IdOf(ReadOnlySpan<byte> headerBytes) => Entry.IdOf(_cryptography, headerBytes);

    /// <summary>An entry as it lies in the store; null when it is not there.</summary>
    public StoredEntry? Read(ulong arrival)
    {
        if (!_store.TryGet(ColumnFamily.Entries, StoreKeys.Entry(Number, arrival), out var value))
        {
            return null;
        }

        return Decode(arrival, value);
    }

    /// <summary>The entry that a relation is about; null when it lies in another conversation, which has no say in this one.</summary>
    public StoredEntry? ReadRelated(ReadOnlySpan<byte> relation)
    {
        var (number, arrival) = EntryPlace.Decode(relation);
        return number == Number ? Read(arrival) : null;
    }

    public StoredEntry? Find(EntryId id)
    {
        if (!_store.TryGet(ColumnFamily.EntryIds, StoreKeys.EntryId(id), out var place))
        {
            return null;
        }

        var (number, arrival) = EntryPlace.Decode(place);
        return number == Number ? Read(arrival) : null;
    }

    public StoredEntry Decode(ulong arrival, ReadOnlySpan<byte> value)
    {
        var record = new EntryRecord(value);
        var bytes = record.Header.ToArray();
        if (!EntryCodec.TryDecode(bytes, out var header, out _))
        {
            throw new StoreException($"A stored entry of conversation {Description.Id} is damaged: restore the home from a backup or a peer.");
        }

        return new StoredEntry(
            arrival, Entry.IdOf(_cryptography, bytes), header, bytes, record.Flags, record.HasBody ? record.Body.ToArray() : null);
    }

    /// <summary>The plaintext of an entry's body; null when it is absent or its key is not held.</summary>
    public byte[]? OpenBody(StoredEntry entry)
    {
        if (entry.Body is null || entry.Header.Suite != EntryHeader.CurrentSuite)
        {
            return null;
        }

        var secret = entry.Header.Epoch is { } epoch ? SecretOf(epoch) : ControlKey();
        return secret is not null
            && BodyCipher.TryOpen(_cryptography, secret, EntryCodec.Prefix(entry.Header, entry.HeaderBytes), entry.Body, out var plaintext)
                ? plaintext
                : null;
    }

    /// <summary>Whether this version knows what an entry means and how its body is sealed.</summary>
    public static bool IsSupported(EntryHeader header) =>
        EntryKind.IsKnown(header.Kind) && header.Suite == EntryHeader.CurrentSuite;

    private string NameOf(IdentityId identity)
    {
        if (identity == Self)
        {
            return _secrets.Name;
        }

        if (_contacts.Find(identity) is { } contact)
        {
            return contact.Name;
        }

        return _here.NameOf(identity) is { Length: > 0 } name ? name : identity.ToString()[..8];
    }

    private byte[]? SecretOf(EntryId epoch)
    {
        if (!_epochSecrets.TryGetValue(epoch, out var secret))
        {
            _epochSecrets[epoch] = secret = Unseal(StoreKeys.EpochSecret(Number, epoch));
        }

        return secret;
    }

    private byte[]? ControlKey() => _controlKey ??= Unseal(StoreKeys.ControlKey(Number));

    private byte[]? Unseal(byte[] key) =>
        _store.TryGet(ColumnFamily.Secrets, key, out var blob)
        && SecretSealer.TryOpen(_cryptography, _secrets.StorageKey.Span, Description.Id.ToArray(), blob, out var secret)
            ? secret
            : null;
}

/// <summary>An entry read from the store.</summary>
internal sealed record StoredEntry(
    ulong Arrival, EntryId Id, EntryHeader Header, byte[] HeaderBytes, EntryFlags Flags, byte[]? Body);
