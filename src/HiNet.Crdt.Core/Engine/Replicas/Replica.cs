using HiNet.Crdt.Core.Authority;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>
/// One conversation as this node holds it. What grows with the number of entries lies in the store; in memory are the heads,
/// the authority entries, and a bounded memory of recent entries.
/// </summary>
internal sealed partial class Replica
{
    private readonly NodeServices _services;
    private readonly IReplicaHost _host;
    private readonly SortedDictionary<DeviceId, DeviceLog> _devices = [];
    private readonly SortedSet<EntryId> _tips = [];
    private readonly CausalBuffer _buffer;
    private readonly Queue<(VerifiedRun Run, int Index)> _ready = new();
    private readonly AuthorityGraph _graph;
    private Sum256 _sum;
    private ulong _lastHlc;
    private ulong _loadedArrival;

    private Replica(ConversationDescription description, byte[] controlKey, NodeServices services, IReplicaHost host)
    {
        Description = description;
        _controlKey = controlKey;
        _services = services;
        _host = host;
        _buffer = new CausalBuffer(services.Options.CausalBufferEntries, Limits.CausalBufferBytes, services.Waiting, GaveWay);
        _graph = new AuthorityGraph(services.Cryptography, description.Founders(services.Identity), services.Cost);
        _newest = new NewestEntries(services.Newest);
        Absent = new AbsentBodies(description.Number, services);
    }

    public ConversationDescription Description { get; private set; }

    public ConversationId Id => Description.Id;

    public uint Number => Description.Number;

    /// <summary>Arrivals are counted from 1.</summary>
    public ulong LastArrival { get; private set; }

    /// <summary>The last arrival that is durable: all that may leave the node.</summary>
    public ulong DurableArrival { get; private set; }

    public ulong EntryCount => LastArrival;

    /// <summary>The last place in the order of events: each arrival has one, and each entry that became readable later another.</summary>
    public EventCursor LastCursor => new(LastArrival + _revealed);

    /// <summary>It is durable that there is such a conversation. Until then no peer hears of it, since a crash would take it back.</summary>
    public bool IsKept { get; private set; }

    public int BufferedCount => _buffer.Count;

    public int MissingCount => _buffer.MissingCount;

    public int ParkedCount => _parked.Count;

    /// <summary>Authority entries that are applied.</summary>
    public int AuthorityCount => _graph.Count;

    /// <summary>Who may do what, after everything that is applied.</summary>
    public AuthorityState Authority => _graph.StateOf(_graph.Current);

    /// <summary>Whom this end asks next for what it lacks.</summary>
    public PullTurns Turns { get; } = new();

    public IReadOnlyCollection<DeviceLog> Devices => _devices.Values;

    public bool TryGetDevice(DeviceId device, out DeviceLog? log) => _devices.TryGetValue(device, out log);

    /// <summary>Everything up to an arrival is durable, and to a place in the order of events; true when there are more of these than before.</summary>
    public bool Settled(ulong arrival, EventCursor cursor)
    {
        IsKept = true;
        _erasesInWrite = false;
        (DurableFrontier, DurableStateHash) = _sealedState;
        DurableArrival = Math.Max(DurableArrival, arrival);
        var advanced = cursor.CompareTo(_durableCursor) > 0;
        _durableCursor = advanced ? cursor : _durableCursor;
        return advanced;
    }

    /// <summary>Heads of all branches, in order of device and head.</summary>
    public Frontier CurrentFrontier()
    {
        _services.Cost.Count(CostKind.Head, _devices.Count);
        var heads = new FrontierHead[_devices.Values.Sum(log => log.Branches.Count)];
        var count = 0;
        foreach (var log in _devices.Values)
        {
            foreach (var (seq, head) in log.Heads)
            {
                heads[count++] = new FrontierHead(log.Device, seq, head);
            }
        }

        return Frontier.FromSorted(heads);
    }

    /// <summary>What successors need to know of an entry; null when it is not applied here.</summary>
    public EntryInfo? FindInfo(EntryId id)
    {
        if (_recent.TryGetValue(id, out var info))
        {
            return info;
        }

        if (FindArrival(id) is not { } arrival
            || !_services.Store.TryGet(ColumnFamily.Entries, StoreKeys.Entry(Number, arrival), out var record))
        {
            return null;
        }

        info = Describe(Decode(new EntryRecord(record).Header), id, arrival);
        Remember(info);
        return info;
    }

    public bool Knows(EntryId id) => _recent.ContainsKey(id) || FindArrival(id) is not null;

    /// <summary>As for its id; an entry ahead of everything that its device has here is new without a look into the store.</summary>
    public bool Knows(Entry entry) =>
        _devices.TryGetValue(entry.Header.Device, out var log) && entry.Header.Seq <= log.MaxSeq && Knows(entry.Id);

    public EntryHeader? ReadHeader(ulong arrival) =>
        _services.Store.TryGet(ColumnFamily.Entries, StoreKeys.Entry(Number, arrival), out var record)
        && EntryCodec.TryDecode(new EntryRecord(record).Header.ToArray(), out var header, out _)
            ? header
            : null;

    private ulong? FindArrival(EntryId id)
    {
        if (!_services.Store.TryGet(ColumnFamily.EntryIds, StoreKeys.EntryId(id), out var place))
        {
            return null;
        }

        var (conversation, arrival) = EntryPlace.Decode(place);
        return conversation == Number ? arrival : null;
    }

    private static EntryInfo Describe(EntryHeader header, EntryId id, ulong arrival) =>
        new(id, header.Device, header.Seq, header.Hlc, header.Depth, arrival, header.Kind, header.Authority);

    private EntryHeader Decode(ReadOnlySpan<byte> headerBytes) =>
        EntryCodec.TryDecode(headerBytes, out var header, out _)
            ? header
            : throw new StoreException($"A stored entry of conversation {Id} is damaged: restore the home from a backup or a peer.");
}
