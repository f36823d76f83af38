using System.Collections.Immutable;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Storage;

/// <summary>
/// The column families as immutable sorted sets behind one reference: a batch replaces the reference, so that a reader
/// sees all of it or nothing, and an iterator keeps what it began with for the price of a pointer.
/// </summary>
internal sealed class InMemoryFamilies
{
    private static readonly int FamilyCount = Enum.GetValues<ColumnFamily>().Length;

    private ImmutableSortedSet<InMemoryRecord>[] _current =
        [.. Enumerable.Repeat(ImmutableSortedSet.Create(InMemoryRecord.ByKey), FamilyCount)];

    private long _storedBytes;

    internal long StoredBytes => Volatile.Read(ref _storedBytes);

    internal long Count => Volatile.Read(ref _current).Sum(family => (long)family.Count);

    internal ImmutableSortedSet<InMemoryRecord> this[ColumnFamily family] => Volatile.Read(ref _current)[(int)family];

    /// <summary>One writer at a time.</summary>
    internal void Apply(IReadOnlyList<StoreChange> changes)
    {
        var builders = new ImmutableSortedSet<InMemoryRecord>.Builder?[FamilyCount];
        var storedBytes = _storedBytes;
        for (var i = 0; i < changes.Count; i++)
        {
            var change = changes[i];
            var builder = builders[(int)change.Family] ??= _current[(int)change.Family].ToBuilder();
            storedBytes += Apply(builder, change);
        }

        var next = (ImmutableSortedSet<InMemoryRecord>[])_current.Clone();
        for (var family = 0; family < FamilyCount; family++)
        {
            next[family] = builders[family]?.ToImmutable() ?? next[family];
        }

        Volatile.Write(ref _storedBytes, storedBytes);
        Volatile.Write(ref _current, next);
    }

    private static long Apply(ImmutableSortedSet<InMemoryRecord>.Builder builder, StoreChange change)
    {
        var record = new InMemoryRecord(change.Key, change.Value ?? []);
        long difference = 0;

        // Adding is tried first because most keys are new; the set keeps the old record of a key that it has.
        if (change.Value is null || !builder.Add(record))
        {
            if (builder.TryGetValue(record, out var old))
            {
                builder.Remove(old);
                difference -= old.Key.Length + old.Value.Length;
            }

            if (change.Value is null)
            {
                return difference;
            }

            builder.Add(record);
        }

        return difference + record.Key.Length + record.Value.Length;
    }
}
