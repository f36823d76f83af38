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
    private const int SeqAt = 9;

    /// <summary>Whether there are any. Almost always there are none, and nothing has to be looked up.</summary>
    public bool HasAny { get; private set; }

    /// <summary>How many were found in this life: whoever has asked for all of them asks again when there are more.</summary>
    public ulong Found { get; private set; }

    /// <summary>Reads back whether there are any.</summary>
    public void Load() => HasAny = ReadHasAny();

    public void Add(uint device, bool isShown, EntryInfo info)
    {
        services.Marks.Hit("content.body.absent");
        services.Store.Put(ColumnFamily.Parked, StoreKeys.AbsentBody(number, isShown, device, info.Seq, info.Arrival), info.Id.ToArray());
        HasAny = true;
        Found++;
    }

    /// <summary>The body has come, or is wanted no more.</summary>
    public void Remove(uint device, bool isShown, EntryInfo info)
    {
        services.Store.Delete(ColumnFamily.Parked, StoreKeys.AbsentBody(number, isShown, device, info.Seq, info.Arrival));
        HasAny = ReadHasAny();
    }

    /// <summary>The seq of a device's first entry with a place in the timeline whose body is absent: from there on nothing counts as delivered.</summary>
    public ulong? FirstShown(uint device)
    {
        if (!HasAny)
        {
            return null;
        }

        using var iterator = services.Store.Scan(
            ColumnFamily.Parked,
            StoreKeys.AbsentBody(number, isShown: true, device, 0, 0),
            StoreKeys.AbsentBody(number, isShown: true, device, ulong.MaxValue, ulong.MaxValue));
        return iterator.MoveNext() ? BinaryPrimitives.ReadUInt64BigEndian(iterator.Key[SeqAt..]) : null;
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
            if (place.Length > 0 && !isWithin && place[0] > prefix[0])
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

    private bool ReadHasAny() => HasAnyOf(isShown: true) || HasAnyOf(isShown: false);

    private bool HasAnyOf(bool isShown)
    {
        var prefix = StoreKeys.AbsentBodies(number, isShown);
        using var iterator = services.Store.Scan(ColumnFamily.Parked, prefix, StoreKeys.After(prefix));
        return iterator.MoveNext();
    }
}
