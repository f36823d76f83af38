using System.Buffers.Binary;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>
/// The applied entries of one conversation whose bodies are not here. Whoever passed them on may not have had the bodies either, or may
/// keep them back, so they are wanted from everyone who may have them. They lie in the store, for there can be any number.
/// </summary>
internal sealed class AbsentBodies(uint number, NodeServices services)
{
    private const int DeviceAt = 5;
    private const int SeqAt = 9;

    /// <summary>
    /// For each device that has some with a place in the timeline, a seq before which it has none, and whether it has one there, so that nothing
    /// has to be looked up: whoever writes without bodies decides how many there are. And rows that are gone from a batch that is not written yet
    /// would be passed over again each time.
    /// </summary>
    private readonly SortedDictionary<uint, (ulong Seq, bool IsThere)> _shownFrom = [];
    private long _count;

    /// <summary>Whether there are any. Almost always there are none, and nothing has to be looked up.</summary>
    public bool HasAny => _count > 0;

    /// <summary>How many were found in this life: whoever has asked for all of them asks again when there are more.</summary>
    public ulong Found { get; private set; }

    /// <summary>Reads back how many there are, and where each device's first one is.</summary>
    public void Load()
    {
        foreach (var isShown in (ReadOnlySpan<bool>)[true, false])
        {
            var prefix = StoreKeys.AbsentBodies(number, isShown);
            using var iterator = services.Store.Durable.Scan(ColumnFamily.Parked, prefix, StoreKeys.After(prefix));
            while (iterator.MoveNext())
            {
                _count++;
                if (isShown)
                {
                    _shownFrom.TryAdd(
                        BinaryPrimitives.ReadUInt32BigEndian(iterator.Key[DeviceAt..]),
                        (BinaryPrimitives.ReadUInt64BigEndian(iterator.Key[SeqAt..]), true));
                }
            }
        }
    }

    public void Add(uint device, bool isShown, EntryInfo info)
    {
        services.Marks.Hit("content.body.absent");
        services.Store.Put(ColumnFamily.Parked, StoreKeys.AbsentBody(number, isShown, device, info.Seq, info.Arrival), info.Id.ToArray());
        _count++;
        Found++;
        if (isShown && (!_shownFrom.TryGetValue(device, out var from) || info.Seq <= from.Seq))
        {
            _shownFrom[device] = (info.Seq, true);
        }
    }

    /// <summary>The body has come, or is wanted no more.</summary>
    public void Remove(uint device, bool isShown, EntryInfo info)
    {
        services.Store.Delete(ColumnFamily.Parked, StoreKeys.AbsentBody(number, isShown, device, info.Seq, info.Arrival));
        _count--;
        if (isShown && _shownFrom.TryGetValue(device, out var from) && from.Seq == info.Seq)
        {
            // A branch may have another one there.
            _shownFrom[device] = (info.Seq, false);
        }
    }

    /// <summary>The seq of a device's first entry with a place in the timeline whose body is absent: from there on nothing counts as delivered.</summary>
    public ulong? FirstShown(uint device)
    {
        if (!_shownFrom.TryGetValue(device, out var from))
        {
            return null;
        }

        if (!from.IsThere)
        {
            var first = services.Store.FirstKey(
                ColumnFamily.Parked,
                StoreKeys.AbsentBody(number, isShown: true, device, from.Seq, 0),
                StoreKeys.AbsentBody(number, isShown: true, device, ulong.MaxValue, ulong.MaxValue));
            if (first is null)
            {
                _shownFrom.Remove(device);
                return null;
            }

            _shownFrom[device] = from = (BinaryPrimitives.ReadUInt64BigEndian(first.AsSpan(SeqAt)), true);
        }

        return from.Seq;
    }

    /// <summary>The durable ones behind a place in their order, each with its place: those of the timeline first.</summary>
    /// <param name="place">One that this gave before; empty for the beginning.</param>
    /// <param name="limit">No more than so many.</param>
    public IReadOnlyList<(byte[] Place, EntryId Entry)> Behind(byte[] place, int limit)
    {
        var found = new List<(byte[], EntryId)>();
        foreach (var isShown in (ReadOnlySpan<bool>)[true, false])
        {
            var prefix = StoreKeys.AbsentBodies(number, isShown);
            var isWithin = place.AsSpan().StartsWith(prefix);
            if (place.Length > 0 && place[0] > prefix[0])
            {
                continue;
            }

            using var iterator = services.Store.Durable.Scan(
                ColumnFamily.Parked, isWithin ? StoreKeys.After(place) : prefix, StoreKeys.After(prefix));
            while (found.Count < limit && iterator.MoveNext())
            {
                services.Cost.Count(CostKind.Row);
                found.Add((iterator.Key.ToArray(), new EntryId(iterator.Value)));
            }
        }

        return found;
    }
}
