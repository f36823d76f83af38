using System.Buffers.Binary;
using HiNet.Crdt.Core.Encryption;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Reading;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Engine.Storage;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Storage;

namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>Binds the engine to a world: the only place that knows how it is started, read, and what its records look like.</summary>
internal sealed class EngineHome(HomeSecrets secrets, ICryptography cryptography, SimulatedDisk disk) : INodeHome, INodeReader
{
    private readonly SharedEvents _events = new(disk);
    private readonly SealedRows _rows = new(disk, cryptography, secrets);
    private NodeReader _reader = new(disk, cryptography, secrets);
    private INodeReader? _planted;

    public HomeSecrets Secrets => secrets;

    public ICryptography Cryptography => cryptography;

    public SimulatedDisk Disk => disk;

    /// <summary>What the engine is started with.</summary>
    public NodeCoreOptions Options { get; set; } = new();

    /// <summary>The machine of the current life, for what no effect shows.</summary>
    public NodeCore? Core { get; private set; }

    /// <summary>What the machine of the current life has done; null before the first.</summary>
    public Cost? Cost => Core?.Cost;

    /// <summary>Bytes that the machine keeps in memory, about.</summary>
    public long KeptBytes => Core?.KeptBytes ?? 0;

    public Person Self { get; } = new(secrets.Identity, secrets.Name);

    public DeviceId Device => secrets.Device;

    public NodeId Node => secrets.Node;

    /// <summary>The home itself, or what a planted bug makes of it.</summary>
    public INodeReader Reader => _planted ?? this;

    public IStateMachine<NodeInput, NodeEffect> Start(IRandomSource random, Marks marks, Instant now) =>
        Core = new NodeCore(Options, secrets, new MachineStore(disk), cryptography, random, marks, now);

    /// <summary>The same home on another disk.</summary>
    public EngineHome CopyTo(SimulatedDisk other) => new(secrets, cryptography, other) { Options = Options };

    public void Reread()
    {
        _reader = new NodeReader(disk, cryptography, secrets);
        _events.Clear();
    }

    /// <summary>Lets what is read show a planted bug.</summary>
    public void Plant(Canary canary) => _planted = PlantedReading.Of(canary, this);

    /// <summary>The number under which the disk keeps a conversation.</summary>
    public uint? NumberOf(ConversationId conversation) =>
        _rows.TryGet(ColumnFamily.Conversations, StoreKeys.Conversation(conversation), out var record)
            ? ConversationDescription.Decode(conversation, record).Number
            : null;

    /// <summary>How far the disk says it has come with a contact; null when it does not have them.</summary>
    public ContactStatus? StatusOf(IdentityId person) =>
        _rows.TryGet(ColumnFamily.Contacts, StoreKeys.Contact(person), out var record) ? ContactState.Decode(record).Status : null;

    /// <summary>The last place of a conversation's events: its last entry's arrival, and one more for each entry that became readable later.</summary>
    public EventCursor LastPlace(ConversationId conversation)
    {
        if (NumberOf(conversation) is not { } number)
        {
            return EventCursor.Start;
        }

        using var entries = disk.Scan(ColumnFamily.Entries, StoreKeys.Entry(number, 0), StoreKeys.Entry(number, ulong.MaxValue), reverse: true);
        using var revealed = disk.Scan(ColumnFamily.Parked, StoreKeys.Revealed(number, 0), StoreKeys.Revealed(number, ulong.MaxValue), reverse: true);
        var arrivals = entries.MoveNext() ? BinaryPrimitives.ReadUInt64BigEndian(entries.Key[4..]) : 0;
        return new EventCursor(arrivals + (revealed.MoveNext() ? RevealedPlace.Decode(revealed.Value).Count : 0));
    }

    public ConversationId? DirectWith(IdentityId other) => ConversationIds.Direct(cryptography, secrets.Identity, other);

    public AppliedEntry? ReadEntry(in StoreChange change)
    {
        if (change.Family != ColumnFamily.Entries || change.Value is null)
        {
            return null;
        }

        var record = new EntryRecord(change.Value);
        var bytes = record.Header.ToArray();
        if (!EntryCodec.TryDecode(bytes, out var header, out _))
        {
            return null;
        }

        var id = Entry.IdOf(cryptography, bytes);
        return new AppliedEntry(
            ConversationOf(header, id), id, header.Device, header.Seq, header.Previous, header.Parents, header.Hlc.Value, header.Kind == EntryKind.Message, header.Kind)
        {
            Epoch = header.Epoch,
            Body = (record.Flags & EntryFlags.Erased) != 0 ? BodyState.Erased : record.HasBody ? BodyState.Held : BodyState.Absent,
        };
    }

    /// <summary>Every entry that is on the disk, with its row.</summary>
    public IEnumerable<(AppliedEntry Entry, byte[] Row)> ReadEntries()
    {
        using var rows = disk.Scan(ColumnFamily.Entries, [], []);
        while (rows.MoveNext())
        {
            var row = rows.Value.ToArray();
            if (ReadEntry(new StoreChange(ColumnFamily.Entries, rows.Key.ToArray(), row)) is { } entry)
            {
                yield return (entry, row);
            }
        }
    }

    /// <summary>
    /// What the body in an entry's row says; null when the body is gone or the disk does not hold the secret that opens it. Opened
    /// here, and not by the engine's reader, so that what the reader shows can be compared with it.
    /// </summary>
    public byte[]? OpenBody(byte[] row)
    {
        var record = new EntryRecord(row);
        var bytes = record.Header.ToArray();
        return record.HasBody
            && EntryCodec.TryDecode(bytes, out var header, out _)
            && HomeLog.SecretFor(this, ConversationOf(header, Entry.IdOf(cryptography, bytes)), header.Epoch) is { } secret
            && BodyCipher.TryOpen(cryptography, secret, EntryCodec.Prefix(header, bytes), record.Body, out var plaintext)
                ? plaintext
                : null;
    }

    public IReadOnlyList<Contact> Contacts() => _reader.Contacts();

    public IReadOnlyList<ConversationId> Conversations() => _reader.Conversations();

    public IReadOnlyList<GroupInvitation> Invitations() => _reader.Invitations();

    /// <summary>How many invitations of each contact wait. Counted from the rows, which costs little.</summary>
    public IReadOnlyDictionary<IdentityId, int> InvitationsBy()
    {
        var counts = new SortedDictionary<IdentityId, int>();
        byte[] prefix = [(byte)'i'];
        using var rows = disk.Scan(ColumnFamily.Conversations, prefix, StoreKeys.After(prefix));
        while (rows.MoveNext())
        {
            var by = new IdentityId(rows.Key[^Bytes32.Size..]);
            counts[by] = counts.GetValueOrDefault(by) + 1;
        }

        return counts;
    }

    public bool Has(ConversationId conversation) => _reader.KindOf(conversation) is not null;

    public ConversationKind Kind(ConversationId conversation) => _reader.KindOf(conversation) ?? ConversationKind.Group;

    public string Name(ConversationId conversation) => _reader.NameOf(conversation);

    public IReadOnlyList<Member> Members(ConversationId conversation) => _reader.MembersOf(conversation);

    public EventCursor LastCursor(ConversationId conversation) => _reader.LastCursor(conversation);

    public IReadOnlyList<ConversationEvent> Events(ConversationId conversation, EventCursor after, int limit) =>
        _events.Read(_reader, conversation, after, limit);

    public IReadOnlyList<Message> ReadPage(ConversationId conversation, int limit, EntryId? before) => _reader.Page(conversation, limit, before);

    public Message? Find(ConversationId conversation, EntryId message) => _reader.Find(conversation, message);

    public ConversationSummary Summarize(ConversationId conversation) => _reader.Summarize(conversation);

    public ConversationStatus Status(ConversationId conversation) => _reader.StatusOf(conversation);

    public long Entries() => disk.Count(ColumnFamily.Entries);

    // A group's first entry cannot name the group: its own id is the group's.
    private static ConversationId ConversationOf(EntryHeader header, EntryId id) =>
        header.Conversation.Value.IsZero ? new ConversationId(id.Value) : header.Conversation;
}
