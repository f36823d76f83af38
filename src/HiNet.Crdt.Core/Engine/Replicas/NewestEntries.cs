using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>
/// The last few entries of a replica as they were applied: what is said live goes to every link at once, and must not be read
/// from the store once for each.
/// </summary>
internal sealed class NewestEntries
{
    private const int Capacity = 32;

    private readonly (ulong Arrival, Entry Entry, ReadOnlyMemory<byte> Signature)[] _slots =
        new (ulong, Entry, ReadOnlyMemory<byte>)[Capacity];

    public (ulong Arrival, Entry Entry, ReadOnlyMemory<byte> Signature) this[ulong arrival] => _slots[arrival % Capacity];

    /// <summary>Bytes that are kept, about.</summary>
    public long KeptBytes => _slots.Sum(slot => slot.Entry is { } entry ? 200 + entry.HeaderBytes.Length + (entry.Body?.Length ?? 0) : 0L);

    public void Add(ulong arrival, Entry entry, ReadOnlyMemory<byte> signature) => _slots[arrival % Capacity] = (arrival, entry, signature);

    /// <summary>The entry was signed after it was applied.</summary>
    public void Sign(ulong arrival, ReadOnlyMemory<byte> signature)
    {
        ref var slot = ref _slots[arrival % Capacity];
        if (slot.Arrival == arrival)
        {
            slot.Signature = signature;
        }
    }

    /// <summary>The entry is no longer what it was.</summary>
    public void Remove(ulong arrival)
    {
        ref var slot = ref _slots[arrival % Capacity];
        if (slot.Arrival == arrival)
        {
            slot = default;
        }
    }

    /// <summary>Whether all of a range, both ends included, is here.</summary>
    public bool Covers(ulong first, ulong last)
    {
        // A range longer than there are slots soon meets one that holds another of its arrivals.
        for (var arrival = first; arrival <= last; arrival++)
        {
            if (_slots[arrival % Capacity].Arrival != arrival)
            {
                return false;
            }
        }

        return true;
    }
}
