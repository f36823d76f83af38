using HiNet.Crdt.Core.Log;

namespace HiNet.Crdt.Core.Engine.Replicas;

/// <summary>
/// The last few entries of a replica as they were applied: what is said live goes to every link at once, and must not be read
/// from the store once for each. What is not here is read from there.
/// </summary>
internal sealed class NewestEntries
{
    private const int Capacity = 32;

    private readonly NewestRoom _room;

    /// <summary>By the rest of the arrival's number, or none as long as nothing came: most conversations rest.</summary>
    private (ulong Arrival, Entry Entry, ReadOnlyMemory<byte> Signature)[] _slots = [];

    public NewestEntries(NewestRoom room)
    {
        _room = room;
        Place = new LinkedListNode<NewestEntries>(this);
    }

    /// <summary>Where these stand in the room's order.</summary>
    public LinkedListNode<NewestEntries> Place { get; }

    public (ulong Arrival, Entry Entry, ReadOnlyMemory<byte> Signature) this[ulong arrival] => _slots[arrival % Capacity];

    /// <summary>Bytes that are kept, about.</summary>
    public long KeptBytes { get; private set; }

    public void Add(ulong arrival, Entry entry, ReadOnlyMemory<byte> signature)
    {
        if (_slots.Length == 0)
        {
            _slots = new (ulong, Entry, ReadOnlyMemory<byte>)[Capacity];
        }

        Empty(arrival);
        _slots[arrival % Capacity] = (arrival, entry, signature);
        Note(SizeOf(entry));
        for (var oldest = arrival + 1; KeptBytes > Limits.NewestBytesOfOne; oldest++)
        {
            // The slot behind the newest one holds the oldest.
            Empty(oldest);
        }

        _room.Added(this);
    }

    /// <summary>The entry was signed after it was applied.</summary>
    public void Sign(ulong arrival, ReadOnlyMemory<byte> signature)
    {
        if (Holds(arrival))
        {
            _slots[arrival % Capacity].Signature = signature;
        }
    }

    /// <summary>The entry is no longer what it was.</summary>
    public void Remove(ulong arrival)
    {
        if (Holds(arrival))
        {
            Empty(arrival);
        }
    }

    /// <summary>Gives up all of them, and their room.</summary>
    public void Clear()
    {
        for (var slot = 0UL; slot < (ulong)_slots.Length; slot++)
        {
            Empty(slot);
        }

        _slots = [];
    }

    /// <summary>Whether all of a range, both ends included, is here.</summary>
    public bool Covers(ulong first, ulong last)
    {
        // A range longer than there are slots soon meets one that holds another of its arrivals.
        for (var arrival = first; arrival <= last; arrival++)
        {
            if (!Holds(arrival))
            {
                return false;
            }
        }

        return true;
    }

    private bool Holds(ulong arrival) => _slots.Length > 0 && _slots[arrival % Capacity].Arrival == arrival;

    private static long SizeOf(Entry entry) => 200 + entry.HeaderBytes.Length + (entry.Body?.Length ?? 0);

    private void Empty(ulong arrival)
    {
        ref var slot = ref _slots[arrival % Capacity];
        if (slot.Entry is { } entry)
        {
            slot = default;
            Note(-SizeOf(entry));
        }
    }

    private void Note(long change)
    {
        KeptBytes += change;
        _room.Note(this, change);
    }
}
