using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Storage;

namespace HiNet.Crdt.Simulation.Nodes;

/// <summary>Bugs of <see cref="Canary"/> that show in what is written: a batch as an engine with the bug would have written it.</summary>
internal static class PlantedWrites
{
    private const int KindOffset = Bytes32.Size;

    public static WriteBatch Of(Canary canary, WriteBatch batch, SimulatedDisk disk) => canary switch
    {
        Canary.AppliesReordered => Reordered(batch),
        Canary.DeletionResurrected => Resurrected(batch, disk),
        Canary.ReceiptCountedTwice => CountedTwice(batch, disk),
        Canary.LastReceiptWins => LastWins(batch, disk),
        Canary.ReactionRowForgotten => Without(batch, static change => change.Family == ColumnFamily.Relations && change.Key[KindOffset] == 'r'),
        Canary.EditOfDeletedKept => Without(batch, static change => change.IsErasure && IsEdit(change)),
        _ => batch,
    };

    /// <summary>What the engine is started with, for the bugs that are within it.</summary>
    public static NodeCoreOptions Options(Canary canary, NodeCoreOptions options) => options with
    {
        CausalBufferEntries = canary == Canary.CausalBufferUnbounded ? int.MaxValue : options.CausalBufferEntries,
        Planted = canary switch
        {
            Canary.BacklinkUnchecked => PlantedBug.BacklinkUnchecked,
            Canary.ParentsAppliedLate => PlantedBug.ParentsNotAwaited,
            Canary.TimeForgottenInRestart => PlantedBug.TimeForgotten,
            Canary.FrontierByHeight => PlantedBug.FrontierByHeight,
            Canary.ParkedRelayed => PlantedBug.FutureApplied,
            Canary.AbsentForGood => PlantedBug.AbsentForGood,
            Canary.InvitationsUnbounded => PlantedBug.InvitationsUnbounded,
            Canary.ChannelsNeverRest => PlantedBug.ChannelsNeverRest,
            Canary.AwaitedToldAtOnce => PlantedBug.AwaitedToldAtOnce,
            Canary.ParkedUnbounded => PlantedBug.ParkedUnbounded,
            Canary.NobodyWaitsForRoom => PlantedBug.NobodyWaitsForRoom,
            Canary.ClocksByNode => PlantedBug.ClocksByNode,
            Canary.SquattersStay => PlantedBug.SquattersStay,
            Canary.FirstKeyCounts => PlantedBug.FirstKeyCounts,
            Canary.LinksOfOneUnbounded => PlantedBug.LinksOfOneUnbounded,
            Canary.AnyoneDeletes => PlantedBug.AnyoneDeletes,
            Canary.AbsentAcknowledged => PlantedBug.AbsentAcknowledged,
            Canary.ForksUnreported => PlantedBug.ForksUnreported,
            Canary.StrangersStay => PlantedBug.StrangersStay,
            Canary.EpochsNotAskedFor => PlantedBug.EpochsNotAskedFor,
            Canary.SecretsBelieved => PlantedBug.SecretsBelieved,
            Canary.TurnKept => PlantedBug.TurnKept,
            _ => PlantedBug.None,
        },
    };

    /// <summary>What a crash takes with it, for the bugs that show after one.</summary>
    public static WriteBatch OfCrash(Canary canary, SimulatedDisk disk)
    {
        var lost = new WriteBatch();
        if (canary == Canary.ReceiptsForgottenInRestart)
        {
            byte[] prefix = [(byte)'r'];
            using var iterator = disk.Scan(ColumnFamily.Conversations, prefix, StoreKeys.After(prefix));
            while (iterator.MoveNext())
            {
                lost.Delete(ColumnFamily.Conversations, iterator.Key.ToArray());
            }
        }

        return lost;
    }

    private static WriteBatch Reordered(WriteBatch batch)
    {
        var entries = new Stack<StoreChange>(batch.Changes.Where(change => change.Family == ColumnFamily.Entries));
        return With(batch, change => change.Family == ColumnFamily.Entries ? entries.Pop() : change);
    }

    private static WriteBatch Resurrected(WriteBatch batch, SimulatedDisk disk)
    {
        var edited = new SortedSet<EntryId>(batch.Changes
            .Where(change => change.Family == ColumnFamily.Relations && change.Value is not null && change.Key[KindOffset] == 'e')
            .Select(change => new EntryId(change.Key.AsSpan(0, Bytes32.Size))));
        if (edited.Count == 0)
        {
            return batch;
        }

        var more = new WriteBatch();
        var revived = With(batch, change => change.Family == ColumnFamily.Entries && change.Value is not null && IsOf(change, batch, disk, edited)
            ? change with { Value = Revived(change.Value) }
            : change);
        foreach (var target in edited)
        {
            if (disk.TryGet(ColumnFamily.EntryIds, StoreKeys.EntryId(target), out var place)
                && EntryPlace.Decode(place) is var (conversation, arrival)
                && disk.TryGet(ColumnFamily.Entries, StoreKeys.Entry(conversation, arrival), out var record)
                && (new EntryRecord(record).Flags & EntryFlags.Deleted) != 0)
            {
                more.Put(ColumnFamily.Entries, StoreKeys.Entry(conversation, arrival), Revived(record));
            }
        }

        return Joined(revived, more);
    }

    private static bool IsOf(StoreChange change, WriteBatch batch, SimulatedDisk disk, SortedSet<EntryId> targets)
    {
        foreach (var target in targets)
        {
            var key = StoreKeys.EntryId(target);
            var place = batch.Changes.FirstOrDefault(other => other.Family == ColumnFamily.EntryIds && other.Key.AsSpan().SequenceEqual(key)).Value;
            if ((place is not null || disk.TryGet(ColumnFamily.EntryIds, key, out place))
                && EntryPlace.Decode(place) is var (conversation, arrival)
                && StoreKeys.Entry(conversation, arrival).AsSpan().SequenceEqual(change.Key))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[] Revived(byte[] value)
    {
        var record = new EntryRecord(value);
        return EntryRecord.Encode(record.Flags & ~EntryFlags.Deleted, record.Header, record.Signature, record.Body);
    }

    private static WriteBatch CountedTwice(WriteBatch batch, SimulatedDisk disk) => With(batch, change =>
    {
        if (change.Family != ColumnFamily.Conversations || change.Key[0] != 'r' || change.Value is null
            || !disk.TryGet(change.Family, change.Key, out var before))
        {
            return change;
        }

        var (state, earlier) = (ReceiptState.Decode(change.Value), ReceiptState.Decode(before));
        foreach (var (device, seq) in earlier.Delivered)
        {
            state.Delivered[device] = state.Delivered.GetValueOrDefault(device) + seq;
        }

        return change with { Value = state.Encode() };
    });

    // A row has what changed in it, and nothing else.
    private static WriteBatch LastWins(WriteBatch batch, SimulatedDisk disk) => With(batch, change =>
    {
        if (change.Family != ColumnFamily.Conversations || change.Key[0] != 'r' || change.Value is null
            || !disk.TryGet(change.Family, change.Key, out var before))
        {
            return change;
        }

        var (state, earlier) = (ReceiptState.Decode(change.Value), ReceiptState.Decode(before));
        foreach (var (device, seq) in earlier.Delivered)
        {
            if (state.Delivered.GetValueOrDefault(device) == seq)
            {
                state.Delivered.Remove(device);
            }
        }

        return change with { Value = state.Encode() };
    });

    private static bool IsEdit(StoreChange change) =>
        change.Family == ColumnFamily.Entries && change.Value is not null
        && EntryCodec.TryDecode(new EntryRecord(change.Value).Header.ToArray(), out var header, out _) && header.Kind == EntryKind.Edit;

    private static WriteBatch Without(WriteBatch batch, Func<StoreChange, bool> isLost)
    {
        var rest = new WriteBatch();
        foreach (var change in batch.Changes.Where(change => !isLost(change)))
        {
            Add(rest, change);
        }

        return rest;
    }

    private static WriteBatch With(WriteBatch batch, Func<StoreChange, StoreChange> change)
    {
        var changed = new WriteBatch();
        foreach (var original in batch.Changes)
        {
            Add(changed, change(original));
        }

        return changed;
    }

    private static WriteBatch Joined(WriteBatch first, WriteBatch second)
    {
        foreach (var change in second.Changes)
        {
            Add(first, change);
        }

        return first;
    }

    private static void Add(WriteBatch batch, StoreChange change)
    {
        if (change.Value is null)
        {
            batch.Delete(change.Family, change.Key);
        }
        else if (change.IsErasure)
        {
            batch.Erase(change.Family, change.Key, change.Value);
        }
        else
        {
            batch.Put(change.Family, change.Key, change.Value);
        }
    }
}
