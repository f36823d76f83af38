using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    private readonly NewestEntries _newest;

    /// <summary>Durable entries behind an arrival, in order of arrival, which is a causal order. At most <paramref name="limit"/>.</summary>
    public IEnumerable<(ulong Arrival, Entry Entry, ReadOnlyMemory<byte> Signature)> Arrivals(ulong after, int limit)
    {
        if (after >= DurableArrival)
        {
            yield break;
        }

        var count = (int)Math.Min(DurableArrival - after, (ulong)limit);
        if (_newest.Covers(after + 1, DurableArrival))
        {
            for (var arrival = after + 1; arrival <= after + (ulong)count; arrival++)
            {
                yield return _newest[arrival];
            }

            yield break;
        }

        using var iterator = _services.Store.Durable.Scan(
            ColumnFamily.Entries, StoreKeys.Entry(Number, after + 1), StoreKeys.Entry(Number, DurableArrival + 1));
        for (var i = 0; i < limit && iterator.MoveNext(); i++)
        {
            yield return Decode(iterator);
        }
    }

    /// <summary>The arrival just before the first entry that a peer lacks, given the last seq that it has of each device.</summary>
    public ulong ArrivalBefore(Func<DeviceId, long> remoteSeq)
    {
        var first = DurableArrival + 1;
        foreach (var log in _devices.Values)
        {
            var from = (ulong)(remoteSeq(log.Device) + 1);
            if (from > log.MaxSeq)
            {
                continue;
            }

            _services.Cost.Count(CostKind.Row);
            using var iterator = _services.Store.Durable.Scan(
                ColumnFamily.Chains,
                StoreKeys.Chain(Number, log.Number, from, 0),
                StoreKeys.Chain(Number, log.Number, from, ulong.MaxValue));
            if (iterator.MoveNext())
            {
                first = Math.Min(first, ChainRow.Decode(iterator.Key, iterator.Value).Arrival);
            }
        }

        return first - 1;
    }

    private (ulong Arrival, Entry Entry, ReadOnlyMemory<byte> Signature) Decode(IStoreIterator iterator)
    {
        var record = new EntryRecord(iterator.Value);
        var headerBytes = record.Header.ToArray();
        if (!EntryCodec.TryDecode(headerBytes, out var header, out _))
        {
            throw new StoreException($"A stored entry of conversation {Id} is damaged: restore the home from a backup or a peer.");
        }

        _services.Cost.Count(CostKind.Row);
        var arrival = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(iterator.Key[4..]);
        ReadOnlyMemory<byte>? body = record.HasBody ? record.Body.ToArray() : null;
        var entry = Entry.FromStore(header, headerBytes, EntryOf(headerBytes), body);
        return (arrival, entry, record.Signature.ToArray());
    }
}
