using HiNet.Crdt.Core.Authority;
using HiNet.Crdt.Core.Identity;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Core.Protocol;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    /// <summary>Cards of both people of a direct conversation, as far as they are known: what the first writer introduces.</summary>
    public IReadOnlyList<DeviceCard> FounderCards { get; set; } = [];

    /// <summary>Starts a replica of a conversation that this node did not hold.</summary>
    public static Replica Create(ConversationDescription description, byte[] controlKey, NodeServices services, IReplicaHost host)
    {
        var replica = new Replica(description, controlKey, services, host) { _membersChanged = true };
        replica.PutControlKey();
        replica.PutDescription();
        replica.SealEmpty();
        host.Changed(replica);
        return replica;
    }

    /// <summary>Reads back what lies in memory: heads, authority entries, epochs, receipts. Never all entries.</summary>
    public static Replica Load(ConversationDescription description, NodeServices services, IReplicaHost host, Instant now)
    {
        if (!services.Store.TryGet(ColumnFamily.Secrets, StoreKeys.ControlKey(description.Number), out var blob)
            || !services.TryOpenSecret(blob, description.Id.ToArray(), out var controlKey))
        {
            throw new StoreException($"The control key of conversation {description.Id} is missing or damaged: restore the home from a backup.");
        }

        var replica = new Replica(description, controlKey!, services, host) { IsKept = true };
        replica.LoadOtherControlKeys();
        replica.CountHanded();
        if (services.Store.TryGet(ColumnFamily.Conversations, StoreKeys.Replica(description.Number), out var value))
        {
            var record = ReplicaRecord.Parser.ParseFrom(value);
            replica.LastArrival = replica._loadedArrival = record.LastArrival;
            replica.DurableArrival = record.LastArrival;
            replica._revealed = record.Revealed;
            replica._durableCursor = replica.LastCursor;
            replica._sum = new Sum256(record.Sum.Span);
            replica._lastHlc = record.LastHlc;
            replica.LoadTips(record);
            replica.LoadDevices();
            replica.RecallUnreportedForks();
            replica.LoadLandmarks();
            replica.LoadReceipts();
            replica.LoadAwaitedDeletions();
            replica.LoadTails();
            replica.Absent.Load();
            replica.RecallLastMessage();
            replica.RecallUnacknowledged(now);
            (replica.DurableFrontier, replica.DurableStateHash) = (replica.CurrentFrontier(), replica.StateHash());
            replica._sealedState = (replica.DurableFrontier, replica.DurableStateHash);
            if (record.Parked > 0 || record.Missing > 0)
            {
                // What waited was in memory: the record says so with the first batch.
                services.Marks.Hit("log.waiting.forgotten");
                host.Changed(replica);
            }
        }

        return replica;
    }

    /// <summary>Authority entries and epochs, in order of arrival, which is a causal order.</summary>
    private void LoadLandmarks()
    {
        var prefix = StoreKeys.Tagged('a', Number);
        var arrivals = new List<ulong>();
        using (var iterator = _services.Store.Durable.Scan(ColumnFamily.Conversations, prefix, StoreKeys.After(prefix)))
        {
            while (iterator.MoveNext())
            {
                arrivals.Add(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(iterator.Key[5..]));
            }
        }

        foreach (var arrival in arrivals)
        {
            LoadLandmark(arrival);
        }

        RecallUnread();
    }

    private void LoadLandmark(ulong arrival)
    {
        if (!_services.Store.TryGet(ColumnFamily.Entries, StoreKeys.Entry(Number, arrival), out var value)
            || !EntryCodec.TryDecode(new EntryRecord(value).Header.ToArray(), out var header, out _)
            || OpenControl(header!, new EntryRecord(value).Header, new EntryRecord(value).Body) is not { } control)
        {
            throw new StoreException($"An authority entry of conversation {Id} is damaged: restore the home from a backup or a peer.");
        }

        var id = EntryOf(new EntryRecord(value).Header);
        var past = PastSet(header!.Authority);
        if (past.Heads.Count > 1)
        {
            _knownSets.Add(past.Hash);
        }

        if (EntryKind.IsAuthority(header.Kind))
        {
            var author = _devices[header.Device].Identity;
            var operation = new AuthorityOperation(id, header.Hlc, header.Kind, header.Device, author, control.Grants, control.Cards);
            _graph.Add(operation, past);
            NoteOwnLeave(operation);
        }
        else
        {
            var epoch = KeepEpoch(id, arrival, RecipientsOf(_graph.StateOf(past)), _devices[header.Device].Identity, control.Epoch!);
            if (SecretOf(id) is { } secret)
            {
                epoch.IsHeld = true;
                OpenLinks(control.Epoch!, secret);
            }
        }
    }

    private void LoadReceipts()
    {
        var prefix = StoreKeys.Tagged('r', Number);
        using var iterator = _services.Store.Durable.Scan(ColumnFamily.Conversations, prefix, StoreKeys.After(prefix));
        while (iterator.MoveNext())
        {
            var (person, state) = (new IdentityId(iterator.Key[5..]), ReceiptState.Decode(iterator.Value.ToArray()));
            _receipts[person] = state;
            foreach (var target in state.Awaited)
            {
                Await(target, person);
            }
        }
    }

    private void LoadAwaitedDeletions()
    {
        var prefix = StoreKeys.Tagged('x', Number);
        using var iterator = _services.Store.Durable.Scan(ColumnFamily.Parked, prefix, StoreKeys.After(prefix));
        _awaitsDeletions = iterator.MoveNext();
    }
}
