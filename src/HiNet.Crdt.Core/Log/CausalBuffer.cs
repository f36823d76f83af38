namespace HiNet.Crdt.Core.Log;

/// <summary>
/// Authenticated entries whose predecessors are not all here, with what is missing spelled out. Bounded in entries and bytes:
/// when full it refuses the newcomer, which a later comparison of frontiers brings again.
/// </summary>
public sealed class CausalBuffer
{
    private readonly int _maxEntries;
    private readonly long _maxBytes;
    private readonly Dictionary<EntryId, Waiting> _waiting = [];
    private readonly Dictionary<EntryId, List<EntryId>> _waiters = [];
    private long _bytes;

    public CausalBuffer(int maxEntries, long maxBytes)
    {
        _maxEntries = maxEntries;
        _maxBytes = maxBytes;
    }

    public int Count => _waiting.Count;

    /// <summary>How many distinct entries are waited for and are not themselves here.</summary>
    public int MissingCount => _waiters.Keys.Count(id => !_waiting.ContainsKey(id));

    /// <summary>How many distinct entries are waited for, whether or not they are here themselves.</summary>
    public int WaitedFor => _waiters.Count;

    /// <summary>Bytes that are kept, about.</summary>
    public long KeptBytes => _bytes + (_waiters.Count * 128L);

    public bool Contains(EntryId id) => _waiting.ContainsKey(id);

    /// <summary>False when the buffer is full; true also when the entry waits already.</summary>
    public bool TryAdd(VerifiedRun run, int index, IReadOnlyList<EntryId> missing)
    {
        var entry = run.Run.Entries[index];
        if (_waiting.ContainsKey(entry.Id))
        {
            return true;
        }

        var size = SizeOf(entry);
        if (_waiting.Count >= _maxEntries || _bytes + size > _maxBytes)
        {
            return false;
        }

        _waiting.Add(entry.Id, new Waiting(run, index, missing.Count));
        _bytes += size;
        foreach (var id in missing)
        {
            if (!_waiters.TryGetValue(id, out var list))
            {
                _waiters[id] = list = [];
            }

            list.Add(entry.Id);
        }

        return true;
    }

    /// <summary>An entry was applied: hands back those that waited for it last, in the order in which they came.</summary>
    public void Release(EntryId applied, Queue<(VerifiedRun Run, int Index)> ready)
    {
        if (_waiters.Count == 0 || !_waiters.Remove(applied, out var waiters))
        {
            return;
        }

        foreach (var id in waiters)
        {
            if (_waiting.TryGetValue(id, out var waiting) && --waiting.Missing == 0)
            {
                Remove(id, waiting);
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
            if (!_waiters.Remove(id, out var waiters))
            {
                continue;
            }

            foreach (var waiter in waiters)
            {
                if (_waiting.TryGetValue(waiter, out var waiting))
                {
                    Remove(waiter, waiting);
                    condemned.Enqueue(waiter);
                    dropped++;
                }
            }
        }

        return dropped;
    }

    private void Remove(EntryId id, Waiting waiting)
    {
        _waiting.Remove(id);
        _bytes -= SizeOf(waiting.Run.Run.Entries[waiting.Index]);
    }

    private static long SizeOf(Entry entry) => entry.HeaderBytes.Length + (entry.Body?.Length ?? 0) + 256;

    private sealed class Waiting(VerifiedRun run, int index, int missing)
    {
        public VerifiedRun Run { get; } = run;

        public int Index { get; } = index;

        public int Missing { get; set; } = missing;
    }
}
