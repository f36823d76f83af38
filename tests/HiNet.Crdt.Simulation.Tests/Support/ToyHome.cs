using System.Buffers.Binary;
using System.Text;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Nodes;
using HiNet.Crdt.Simulation.Storage;

namespace HiNet.Crdt.Simulation.Tests.Support;

/// <summary>The toy's disk layout: entries under their place of arrival. Each entry names the author's previous one.</summary>
internal sealed class ToyHome : INodeHome, INodeReader
{
    private readonly SimulatedDisk _disk;
    private readonly ToyBug _bug;

    internal ToyHome(int index, string name, SimulatedDisk disk, ToyBug bug)
    {
        _disk = disk;
        _bug = bug;
        Self = new Person(new IdentityId(Key(index, 1)), name);
        Device = new DeviceId(Key(index, 2));
        Node = new NodeId(Key(index, 3));
    }

    public static ConversationId Conversation { get; } = new(Key(0, 9));

    public Person Self { get; }

    public DeviceId Device { get; }

    public NodeId Node { get; }

    public INodeReader Reader => this;

    public ConversationId? DirectWith(IdentityId other) => null;

    public IStateMachine<NodeInput, NodeEffect> Start(IRandomSource random, Marks marks, Instant now) => new ToyMachine(this, _bug, random, marks);

    public AppliedEntry? ReadEntry(in StoreChange change)
    {
        if (change.Family != ColumnFamily.Entries || change.Value is null)
        {
            return null;
        }

        var entry = ToyEntry.Decode(change.Value);
        return new AppliedEntry(Conversation, entry.Id, entry.Device, entry.Seq, entry.Previous, [], entry.Time, true);
    }

    public List<ToyEntry> ReadAll()
    {
        List<ToyEntry> entries = [];
        using var walk = _disk.Scan(ColumnFamily.Entries, default, default);
        while (walk.MoveNext())
        {
            entries.Add(ToyEntry.Decode(walk.Value));
        }

        return entries;
    }

    public IReadOnlyList<Contact> Contacts() => [];

    public IReadOnlyList<ConversationId> Conversations() => [Conversation];

    public IReadOnlyList<GroupInvitation> Invitations() => [];

    public bool Has(ConversationId conversation) => conversation == Conversation;

    public ConversationKind Kind(ConversationId conversation) => ConversationKind.Group;

    public string Name(ConversationId conversation) => "toy";

    public IReadOnlyList<Member> Members(ConversationId conversation) => [];

    public EventCursor LastCursor(ConversationId conversation) => new((ulong)_disk.Count(ColumnFamily.Entries));

    public IReadOnlyList<ConversationEvent> Events(ConversationId conversation, EventCursor after, int limit)
    {
        List<ConversationEvent> events = [];
        var all = ReadAll();
        for (var i = (int)after.Position; i < all.Count && events.Count < limit; i++)
        {
            events.Add(new MessageAdded(conversation, new EventCursor((ulong)i + 1), Message(all[i])));
        }

        return events;
    }

    public IReadOnlyList<Message> ReadPage(ConversationId conversation, int limit, EntryId? before) =>
        [.. ReadAll().OrderBy(entry => entry.Time).ThenBy(entry => entry.Id).TakeLast(limit).Select(Message)];

    public Message? Find(ConversationId conversation, EntryId message) =>
        ReadAll().Where(entry => entry.Id == message).Select(Message).FirstOrDefault();

    public ConversationSummary Summarize(ConversationId conversation) => new(conversation, ConversationKind.Group, "toy", [], 0, null);

    public ConversationStatus Status(ConversationId conversation)
    {
        var all = ReadAll();
        var heads = all.GroupBy(entry => entry.Device).OrderBy(group => group.Key).Select(group => group.MaxBy(entry => entry.Seq)!);
        var sum = all.Aggregate(0UL, (total, entry) => total + entry.Id.Value.Prefix);
        var hash = new byte[32];
        BinaryPrimitives.WriteUInt64BigEndian(hash, sum);
        return new ConversationStatus(all.Count, [.. heads.Select(head => new FrontierHead(head.Device, head.Seq, head.Id))], new Bytes32(hash), 0, 0);
    }

    public long Entries() => _disk.Count(ColumnFamily.Entries);

    internal static byte[] Key(int index, byte kind)
    {
        var key = new byte[32];
        BinaryPrimitives.WriteInt32BigEndian(key, index + 1);
        key[31] = kind;
        return key;
    }

    private Message Message(ToyEntry entry) => new()
    {
        Id = entry.Id,
        Author = new Person(Self.Id, "someone"),
        Device = entry.Device,
        Time = DateTimeOffset.UnixEpoch,
        Text = entry.Text,
    };
}

/// <summary>An entry of the toy: device, seq, time, previous, text.</summary>
internal sealed record ToyEntry(DeviceId Device, ulong Seq, ulong Time, EntryId? Previous, string Text)
{
    public EntryId Id
    {
        get
        {
            var id = new byte[32];
            BinaryPrimitives.WriteUInt64BigEndian(id, TraceHash.Of(Encode()));
            BinaryPrimitives.WriteUInt64BigEndian(id.AsSpan(8), TraceHash.Of(Text));
            return new EntryId(id);
        }
    }

    public static ToyEntry Decode(ReadOnlySpan<byte> bytes)
    {
        var previous = new EntryId(bytes.Slice(48, 32));
        return new ToyEntry(
            new DeviceId(bytes[..32]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[32..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[40..]),
            previous.Value.IsZero ? null : previous,
            Encoding.UTF8.GetString(bytes[80..]));
    }

    public byte[] Encode()
    {
        var bytes = new byte[80 + Encoding.UTF8.GetByteCount(Text)];
        Device.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(32), Seq);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(40), Time);
        Previous?.CopyTo(bytes.AsSpan(48));
        Encoding.UTF8.GetBytes(Text, bytes.AsSpan(80));
        return bytes;
    }
}
