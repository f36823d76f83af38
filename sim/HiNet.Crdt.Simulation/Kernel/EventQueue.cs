namespace HiNet.Crdt.Simulation.Kernel;

/// <summary>
/// Events by (virtual time, sequence): a 4-ary heap over keys without references, and the events in slots beside it, so that
/// moving a key costs no write barrier. Equal times leave in the order of scheduling, which a heap over times alone does not give.
/// </summary>
internal sealed class EventQueue
{
    private const int Arity = 4;

    private Key[] _heap = new Key[1024];
    private ScheduledEvent[] _slots = new ScheduledEvent[1024];
    private int[] _free = new int[1024];
    private int _freeCount;
    private int _used;
    private long _sequence;

    public int Count { get; private set; }

    /// <summary>The time of the next event; the queue is not empty.</summary>
    public long NextTime => _heap[0].Time;

    public void Add(long time, in ScheduledEvent scheduled)
    {
        var slot = TakeSlot();
        _slots[slot] = scheduled;
        if (Count == _heap.Length)
        {
            Array.Resize(ref _heap, 2 * Count);
        }

        var key = new Key(time, _sequence++, slot);
        var at = Count++;
        var heap = _heap;
        while (at > 0)
        {
            var parent = (at - 1) / Arity;
            if (!key.IsBefore(heap[parent]))
            {
                break;
            }

            heap[at] = heap[parent];
            at = parent;
        }

        heap[at] = key;
    }

    /// <summary>Takes the next event out; the queue is not empty.</summary>
    public ScheduledEvent Take(out long time)
    {
        var heap = _heap;
        var first = heap[0];
        time = first.Time;
        var last = heap[--Count];
        var at = 0;
        while (true)
        {
            var child = (Arity * at) + 1;
            if (child >= Count)
            {
                break;
            }

            var end = Math.Min(child + Arity, Count);
            var least = child;
            for (var other = child + 1; other < end; other++)
            {
                least = heap[other].IsBefore(heap[least]) ? other : least;
            }

            if (!heap[least].IsBefore(last))
            {
                break;
            }

            heap[at] = heap[least];
            at = least;
        }

        heap[at] = last;
        var scheduled = _slots[first.Slot];
        _slots[first.Slot] = default;
        _free[_freeCount++] = first.Slot;
        return scheduled;
    }

    private int TakeSlot()
    {
        if (_freeCount > 0)
        {
            return _free[--_freeCount];
        }

        if (_used == _slots.Length)
        {
            Array.Resize(ref _slots, 2 * _used);
            Array.Resize(ref _free, 2 * _used);
        }

        return _used++;
    }

    private readonly record struct Key(long Time, long Sequence, int Slot)
    {
        public bool IsBefore(in Key other) => Time < other.Time || (Time == other.Time && Sequence < other.Sequence);
    }
}
