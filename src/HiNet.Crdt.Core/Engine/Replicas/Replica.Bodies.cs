using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    /// <summary>Entries that are applied here without their bodies.</summary>
    public AbsentBodies Absent { get; }

    /// <summary>
    /// Takes the body of an entry that was applied without it. The header names the body's hash, so it is no matter who brings it. A body
    /// that is here, was deleted or is another than the header names changes nothing.
    /// </summary>
    public void Fill(EntryId id, ReadOnlyMemory<byte> body, Instant now)
    {
        if (!Absent.HasAny
            || _services.Has(PlantedBug.AbsentForGood)
            || FindArrival(id) is not { } arrival
            || !_services.Store.TryGet(ColumnFamily.Entries, StoreKeys.Entry(Number, arrival), out var value))
        {
            return;
        }

        var record = new EntryRecord(value);
        if (!IsAbsent(record.Flags))
        {
            return;
        }

        var header = Decode(record.Header);
        var entry = Entry.FromStore(header, record.Header.ToArray(), id, body);
        if (!entry.BodyMatches(_services.Cryptography))
        {
            _host.Count("hinet.content.body.wrong");
            return;
        }

        _services.Marks.Hit("content.body.filled");
        var flags = record.Flags & ~EntryFlags.BodyAbsent;
        _services.Store.Put(
            ColumnFamily.Entries, StoreKeys.Entry(Number, arrival), EntryRecord.Encode(flags, record.Header, record.Signature, body.Span));
        _newest.Remove(arrival);
        var info = Describe(header, id, arrival);
        Forget(info);
        if (!ReadContent(entry, info, AuthorOf(info)))
        {
            AskLater(now);
        }
        else if ((flags & EntryFlags.Awaited) != 0)
        {
            Reveal(arrival);
        }

        AcknowledgeAgain(now);
        _host.Changed(this);
    }

    /// <summary>Takes the body of an entry that came another time, if it was missing.</summary>
    public void FillFrom(Entry entry, Instant now)
    {
        if (entry.Body is { } body)
        {
            Fill(entry.Id, body, now);
        }
    }

    /// <summary>What the store has of an entry's body, for others; null when this replica has no say in it.</summary>
    /// <param name="id">Any entry.</param>
    /// <param name="isErased">The body was here or was wanted, and is to be had nowhere: what it said was deleted.</param>
    public byte[]? DurableBody(EntryId id, out bool isErased)
    {
        isErased = false;
        _services.Cost.Count(CostKind.Row);
        if (!_services.Store.Durable.TryGet(ColumnFamily.EntryIds, StoreKeys.EntryId(id), out var place))
        {
            return null;
        }

        var (conversation, arrival) = EntryPlace.Decode(place);
        if (conversation != Number || !_services.Store.Durable.TryGet(ColumnFamily.Entries, StoreKeys.Entry(Number, arrival), out var value))
        {
            return null;
        }

        var record = new EntryRecord(value);
        isErased = (record.Flags & EntryFlags.Erased) != 0;
        return record.HasBody ? record.Body.ToArray() : null;
    }

    /// <summary>The body never came, and is still wanted.</summary>
    private static bool IsAbsent(EntryFlags flags) => (flags & (EntryFlags.BodyAbsent | EntryFlags.Erased)) == EntryFlags.BodyAbsent;

    /// <summary>The body is wanted no more: what had to wait for it is delivered.</summary>
    private void Forget(EntryInfo info)
    {
        var log = _devices[info.Device];
        var isShown = IsShown(info.Kind);
        Absent.Remove(log.Number, isShown, info);
        if (isShown && log.Identity != _services.Identity)
        {
            ToAcknowledge(log, log.MaxSeq);
        }
    }
}
