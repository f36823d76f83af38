using System.Buffers.Binary;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Engine.Storage;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Reading;

/// <summary>
/// What people see, read from durable state alone: it never waits for the core, and the core never waits for it. Not
/// thread-safe; cheap to make, so that each reader has its own.
/// </summary>
public sealed partial class NodeReader
{
    private readonly IStoreReader _store;
    private readonly ICryptography _cryptography;
    private readonly HomeSecrets _secrets;
    private readonly SealedRows _rows;
    private readonly ContactDirectory _contacts;
    private readonly Dictionary<ConversationId, ConversationDescription> _descriptions = [];
    private readonly Dictionary<uint, ConversationPeople> _people = [];

    public NodeReader(IStoreReader store, ICryptography cryptography, HomeSecrets secrets)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        _store = store;
        _cryptography = cryptography;
        _secrets = secrets;
        _rows = new SealedRows(store, cryptography, secrets);
        _contacts = new ContactDirectory(store, _rows);
        Self = new Person(secrets.Identity, secrets.Name);
    }

    public Person Self { get; }

    /// <summary>By name, then identity.</summary>
    public IReadOnlyList<Contact> Contacts() =>
        [.. _contacts.All().OrderBy(c => c.Name, StringComparer.OrdinalIgnoreCase).ThenBy(c => c.Id)];

    /// <summary>Those that were opened or in which something was said, the most recently active first.</summary>
    public IReadOnlyList<ConversationId> Conversations()
    {
        var found = new List<(ulong Last, ConversationId Id)>();
        foreach (var (key, record) in _rows.All(ColumnFamily.Conversations, 'c'))
        {
            var description = ConversationDescription.Decode(new ConversationId(key.AsSpan(1)), record);
            if (description.IsVisible)
            {
                found.Add((LastMessage(description.Number)?.Hlc.Value ?? 0, description.Id));
            }
        }

        return [.. found.OrderByDescending(f => f.Last).ThenBy(f => f.Id).Select(f => f.Id)];
    }

    /// <summary>Null when this node does not hold the conversation.</summary>
    public ConversationKind? KindOf(ConversationId conversation) => Describe(conversation)?.Kind;

    /// <summary>The group's name, or the other person's.</summary>
    public string NameOf(ConversationId conversation) =>
        Describe(conversation) is { } description ? NameOf(description, Open(description)) : string.Empty;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Member> MembersOf(ConversationId conversation) =>
        Describe(conversation) is { } description ? MembersOf(Open(description)) : [];

    public EventCursor LastCursor(ConversationId conversation) =>
        Describe(conversation) is { } description && Record(description.Number) is { } record
            ? new EventCursor(record.LastArrival + record.Revealed)
            : EventCursor.Start;

    public ConversationStatus StatusOf(ConversationId conversation)
    {
        if (Describe(conversation) is not { } description || Record(description.Number) is not { } record)
        {
            return new ConversationStatus(0, [], default, 0, 0);
        }

        var heads = HeadsOf(description.Number);
        var hash = record.StateHash.Length == Bytes32.Size ? new Bytes32(record.StateHash.Span) : default;
        IReadOnlyList<FrontierHead> ordered = [.. heads.OrderBy(head => head.Device).ThenBy(head => head.Head)];
        return new ConversationStatus((long)record.Entries, ordered, hash, (int)record.Parked, (int)record.Missing);
    }

    public ConversationSummary Summarize(ConversationId conversation)
    {
        if (Describe(conversation) is not { } description)
        {
            return new ConversationSummary(conversation, ConversationKind.Group, string.Empty, [], 0, null);
        }

        var view = Open(description);
        var last = Page(conversation, 1, null);
        return new ConversationSummary(
            conversation, description.Kind, NameOf(description, view), MembersOf(view), Unread(view), last.Count > 0 ? last[0] : null);
    }

    internal ConversationDescription? Describe(ConversationId conversation)
    {
        // A group's name becomes known with its genesis, so only what can no longer change is kept.
        if (_descriptions.TryGetValue(conversation, out var known))
        {
            return known;
        }

        if (!_rows.TryGet(ColumnFamily.Conversations, StoreKeys.Conversation(conversation), out var value))
        {
            return null;
        }

        var description = ConversationDescription.Decode(conversation, value);
        if (Record(description.Number) is { Entries: > 0 })
        {
            _descriptions[conversation] = description;
        }

        return description;
    }

    private IEnumerable<FrontierHead> HeadsOf(uint number)
    {
        var devices = new List<(uint Number, DeviceRecord Record)>();
        var prefix = StoreKeys.Tagged('d', number);
        using (var iterator = _store.Scan(ColumnFamily.Conversations, prefix, StoreKeys.After(prefix)))
        {
            while (iterator.MoveNext())
            {
                devices.Add((BinaryPrimitives.ReadUInt32BigEndian(iterator.Key[5..]), DeviceRecord.Parser.ParseFrom(iterator.Value)));
            }
        }

        var rows = new BranchRows(_store, number);
        return devices.SelectMany(device => rows.Of(device.Number, device.Record).Select(branch =>
            new FrontierHead(new DeviceId(device.Record.Device.Span), branch.Seq, branch.Head)));
    }

    private ConversationView Open(ConversationDescription description) =>
        new(description, PeopleOf(description.Number), _contacts, _store, _cryptography, _secrets);

    private ConversationPeople PeopleOf(uint number)
    {
        var key = StoreKeys.Members(number);
        var row = _store.TryGet(ColumnFamily.Conversations, key, out var value) ? value : [];
        if (!_people.TryGetValue(number, out var people) || !people.IsOf(row))
        {
            _people[number] = people = new ConversationPeople(row, _rows.Open(ColumnFamily.Conversations, key, row));
        }

        return people;
    }

    private ReplicaRecord? Record(uint number) =>
        _store.TryGet(ColumnFamily.Conversations, StoreKeys.Replica(number), out var value)
            ? ReplicaRecord.Parser.ParseFrom(value)
            : null;

    private static string NameOf(ConversationDescription description, ConversationView view) =>
        description.Kind == ConversationKind.Direct ? view.PersonOf(description.Other).Name : description.Name;

    private static IReadOnlyList<Member> MembersOf(ConversationView view) =>
        [.. view.Members
            .OrderBy(member => member.Since).ThenBy(member => member.Identity.Span.ToArray(), Storage.ByteOrder.Instance)
            .Select(member => new Member(
                view.PersonOf(new IdentityId(member.Identity.Span)),
                (Role)member.Role,
                new HybridTimestamp(member.Since).ToDateTime(),
                IsTentative: false))];
}
