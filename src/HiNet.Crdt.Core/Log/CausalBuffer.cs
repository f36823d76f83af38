namespace HiNet.Crdt.Core.Log;

/// <summary>
/// Authenticated entries whose predecessors are not all here, with what is missing spelled out. Bounded in entries and in bytes of their runs,
/// by itself and together with others: when there is no room, what has waited the longest gives way, which a later comparison of frontiers brings again.
/// </summary>
public sealed class CausalBuffer
{
    /// <summary>What a waiting entry costs beside its run.</summary>
    private const long EntryBytes = 384;

    /// <summary>What each predecessor costs that it waits for.</summary>
    private const long PlaceBytes = 256;

    private readonly int _maxEntries;
    private readonly long _maxBytes;
    private readonly WaitingRoom _room;
    private readonly Action? _gaveWay;

    /// <summary>Those of <see cref="_waiting"/>, in the order in which they came.</summary>
    private readonly LinkedList<Waiting> _order = [];
    private readonly Dictionary<EntryId, Waiting> _waiting = [];

    /// <summary>By what is missing, who waits for it. Each has someone who still waits, or what was dropped would add up for ever.</summary>
    private readonly Dictionary<EntryId, Waiters> _waiters = [];
    private readonly HeldRuns _runs = new();

    /// <summary>Predecessors that those wait for who still wait, each as often as it is waited for.</summary>
    private long _awaited;

    /// <summary>Places in the lists of who waits, those of the dropped included: at most twice as many as those that still wait.</summary>
    private long _listed;

    /// <param name="maxEntries">Entries that wait here at once.</param>
    /// <param name="maxBytes">What they take.</param>
    /// <param name="room">Shared with others that keep what waits; null shares nothing.</param>
    /// <param name="gaveWay">Told of each entry that had to go for another.</param>
    public CausalBuffer(int maxEntries, long maxBytes, WaitingRoom? room = null, Action? gaveWay = null)
    {
        _maxEntries = maxEntries;
        _maxBytes = maxBytes;
        _room = room ?? new WaitingRoom(long.MaxValue);
        _gaveWay = gaveWay;
    }

    public int Count => _waiting.Count;

    /// <summary>
    /// How many distinct entries are waited for and are not themselves here. Counted as they come and go, because every batch asks,
    /// and whoever holds an entry back decides how many wait for it.
    /// </summary>
    public int MissingCount { get; private set; }

    /// <summary>Bytes that are kept, about.</summary>
    public long KeptBytes => _runs.Bytes + (_waiting.Count * EntryBytes) + (_waiters.Count * 128L) + (_listed * 128L);

    public bool Contains(EntryId id) => _waiting.ContainsKey(id);

    /// <summary>False when the entry's run is longer than there is room for at all; true also when the entry waits already.</summary>
    public bool TryAdd(VerifiedRun run, int index, IReadOnlyList<EntryId> missing)
    {
        var entry = run.Run.Entries[index];
        if (_waiting.ContainsKey(entry.Id))
        {
            return true;
        }

        if (!TryMakeRoom(run, missing.Count))
        {
            return false;
        }

        _room.Note(CostOf(run, missing.Count));
        var waiting = new Waiting(this, run, index, missing);
        _waiting.Add(entry.Id, waiting);
        _awaited += missing.Count;
        (waiting.Place, waiting.SharedPlace) = (_order.AddLast(waiting), _room.Enter(waiting));
        MissingCount -= _waiters.ContainsKey(entry.Id) ? 1 : 0;
        _runs.Hold(run);
        foreach (var id in missing)
        {
            if (!_waiters.TryGetValue(id, out var waiters))
            {
                _waiters[id] = waiters = new Waiters();
                MissingCount += _waiting.ContainsKey(id) ? 0 : 1;
            }

            waiters.All.Add(waiting);
            waiters.Live++;
            _listed++;
        }

        return true;
    }

    /// <summary>An entry was applied: hands back those that waited for it last, in the order in which they came.</summary>
    public void Release(EntryId applied, Queue<(VerifiedRun Run, int Index)> ready)
    {
        if (_waiters.Count == 0 || TakeWaiters(applied) is not { } waiters)
        {
            return;
        }

        foreach (var waiting in waiters)
        {
            if (!waiting.IsDropped && --waiting.Missing == 0)
            {
                Remove(waiting);
                ready.Enqueue((waiting.Run, waiting.Index));
            }
        }
    }

    /// <summary>An entry will never apply: drops everything that waits for it, directly or not. Returns how many were dropped.</summary>
    public int Condemn(EntryId refused)
    {
        var dropped = 0;
        var condemned = new Queue<EntryId>([refused]);
        while (condemned.TryDequeue(out var id))
        {
            foreach (var waiting in TakeWaiters(id) ?? [])
            {
                if (!waiting.IsDropped)
                {
                    Drop(waiting);
                    condemned.Enqueue(waiting.Entry.Id);
                    dropped++;
                }
            }
        }

        return dropped;
    }

    /// <summary>Of its own what it has no room for by itself, of anybody's what there is no room for in all.</summary>
    private bool TryMakeRoom(VerifiedRun run, int missing)
    {
        // What gives way may be of the same run, which then costs what it did not.
        while (_waiting.Count >= _maxEntries || Bytes + CostOf(run, missing) > _maxBytes)
        {
            if (_order.First is not { } oldest)
            {
                return false;
            }

            oldest.Value.GiveWay();
        }

        while (!_room.HasRoom(CostOf(run, missing)))
        {
            if (!_room.TryMakeRoom())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Nothing waits here any more, and the shared room has it back.</summary>
    public void Clear()
    {
        _waiters.Clear();
        foreach (var waiting in _waiting.Values.ToList())
        {
            Remove(waiting);
        }

        (_listed, MissingCount) = (0, 0);
    }

    /// <summary>What it waited for beside is waited for by one fewer.</summary>
    private void Drop(Waiting waiting)
    {
        waiting.IsDropped = true;
        Remove(waiting);
        foreach (var id in waiting.Awaited)
        {
            if (!_waiters.TryGetValue(id, out var others))
            {
                continue;
            }

            if (--others.Live == 0)
            {
                TakeWaiters(id);
            }
            else if (others.All.Count > 2 * others.Live)
            {
                // One that waits on and on must not hold all that were dropped beside it; half at a time, so that each is moved once or so.
                _listed -= others.All.RemoveAll(other => other.IsDropped);
            }
        }
    }

    private List<Waiting>? TakeWaiters(EntryId id)
    {
        if (!_waiters.Remove(id, out var waiters))
        {
            return null;
        }

        MissingCount -= _waiting.ContainsKey(id) ? 0 : 1;
        _listed -= waiters.All.Count;
        return waiters.All;
    }

    private void Remove(Waiting waiting)
    {
        var before = Bytes;
        _waiting.Remove(waiting.Entry.Id);
        _awaited -= waiting.Awaited.Count;
        MissingCount += _waiters.ContainsKey(waiting.Entry.Id) ? 1 : 0;
        _runs.Release(waiting.Run);
        _order.Remove(waiting.Place!);
        _room.Leave(waiting.SharedPlace!);
        _room.Note(Bytes - before);
    }

    /// <summary>What counts for the bounds.</summary>
    private long Bytes => _runs.Bytes + (_waiting.Count * EntryBytes) + (_awaited * PlaceBytes);

    private long CostOf(VerifiedRun run, int missing) => EntryBytes + (missing * PlaceBytes) + _runs.CostOf(run);

    private sealed class Waiting(CausalBuffer buffer, VerifiedRun run, int index, IReadOnlyList<EntryId> missing) : IWaiting
    {
        public VerifiedRun Run { get; } = run;

        public int Index { get; } = index;

        public Entry Entry => Run.Run.Entries[Index];

        public IReadOnlyList<EntryId> Awaited { get; } = missing;

        /// <summary>So many of those are still waited for.</summary>
        public int Missing { get; set; } = missing.Count;

        /// <summary>It waits no longer, although lists still name it. It may have come again, and then waits anew.</summary>
        public bool IsDropped { get; set; }

        /// <summary>Null before it waits.</summary>
        public LinkedListNode<Waiting>? Place { get; set; }

        public LinkedListNode<IWaiting>? SharedPlace { get; set; }

        public void GiveWay()
        {
            buffer.Drop(this);
            buffer._gaveWay?.Invoke();
        }
    }

    private sealed class Waiters
    {
        /// <summary>In the order in which they came.</summary>
        public List<Waiting> All { get; } = [];

        /// <summary>So many of them were not dropped; above 0.</summary>
        public int Live { get; set; }
    }
}
