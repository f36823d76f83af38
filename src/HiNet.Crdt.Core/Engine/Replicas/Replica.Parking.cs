using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;

namespace HiNet.Crdt.Core.Engine.Replicas;

internal sealed partial class Replica
{
    /// <summary>What the header of an entry that was turned away takes, about.</summary>
    private const long HeaderBytes = 1_024;

    private readonly SortedDictionary<(HybridTimestamp Hlc, EntryId Id), (VerifiedRun Run, int Index)> _parked = [];

    /// <summary>The runs of what is parked.</summary>
    private readonly HeldRuns _parkedRuns = new();

    /// <summary>
    /// Entries for which there was no room among the parked: until they are due they are not asked for again, or they would be fetched in vain
    /// for as long.
    /// </summary>
    private readonly SortedDictionary<(HybridTimestamp Hlc, EntryId Id), EntryHeader> _turnedAway = [];

    /// <summary>The headers of all that is parked or was turned away.</summary>
    private readonly Dictionary<EntryId, EntryHeader> _waitingForTime = [];

    /// <summary>When the earliest entry is due that is parked or was turned away.</summary>
    public Instant ParkedDeadline(Instant now)
    {
        if (_parked.Count == 0 && _turnedAway.Count == 0)
        {
            return Instant.Never;
        }

        var first = long.MaxValue;
        if (_parked.Count > 0)
        {
            first = _parked.First().Key.Hlc.Milliseconds;
        }

        if (_turnedAway.Count > 0)
        {
            first = Math.Min(first, _turnedAway.First().Key.Hlc.Milliseconds);
        }

        return now + TimeSpan.FromMilliseconds(Math.Clamp(first - _services.Clock.Limit(now), 0, 60_000));
    }

    /// <summary>An entry from the future is not applied, relayed or referenced until it is due; it costs a place in a bounded list.</summary>
    private void Park(VerifiedRun run, int index)
    {
        var entry = run.Run.Entries[index];
        var key = (entry.Header.Hlc, entry.Id);
        if (_parked.ContainsKey(key))
        {
            return;
        }

        _services.Marks.Hit("log.parked");
        while (!_services.Has(PlantedBug.ParkedUnbounded) && !HasRoomToPark(run))
        {
            _services.Marks.Hit("bound.parked.runs");

            // The farthest future gives way: it is the least likely to be wanted soon.
            if (_parked.Count == 0 || _parked.Last().Key.Hlc <= entry.Header.Hlc)
            {
                TurnAway(entry);
                return;
            }

            var last = _parked.Last();
            _parked.Remove(last.Key);
            ReleaseParked(last.Value.Run);
            _waitingForTime.Remove(last.Key.Id);
            TurnAway(last.Value.Run.Run.Entries[last.Value.Index]);
        }

        ForgetTurnedAway(key);
        _waitingForTime[entry.Id] = entry.Header;
        _parked.Add(key, (run, index));
        _services.Parked.Note(_parkedRuns.CostOf(run));
        _parkedRuns.Hold(run);
        _host.Changed(this);
        _host.Count("hinet.log.parked");
        _host.Announce(new EntriesParked(default, Id, entry.Header.Device, entry.Header.Hlc.ToDateTime()));
    }

    private bool HasRoomToPark(VerifiedRun run)
    {
        var (bytes, cost) = (_parkedRuns.Bytes + (_turnedAway.Count * HeaderBytes), _parkedRuns.CostOf(run));
        return _parked.Count < _services.Bounds.ParkedEntries
            && (_parked.Count == 0 || bytes + cost <= _services.Bounds.ParkedBytes)
            && _services.Parked.HasRoom(bytes, cost);
    }

    private void ReleaseParked(VerifiedRun run)
    {
        var before = _parkedRuns.Bytes;
        _parkedRuns.Release(run);
        _services.Parked.Note(_parkedRuns.Bytes - before);
    }

    private void TurnAway(Entry entry)
    {
        if (_turnedAway.TryAdd((entry.Header.Hlc, entry.Id), entry.Header))
        {
            _services.Parked.Note(HeaderBytes);
        }

        _waitingForTime[entry.Id] = entry.Header;
        if (_turnedAway.Count > Limits.TurnedAway || !_services.Parked.HasRoom(_parkedRuns.Bytes + (_turnedAway.Count * HeaderBytes), 0))
        {
            var farthest = _turnedAway.Last().Key;
            ForgetTurnedAway(farthest);
            _waitingForTime.Remove(farthest.Id);
        }
    }

    private void ForgetTurnedAway((HybridTimestamp Hlc, EntryId Id) key)
    {
        if (_turnedAway.Remove(key))
        {
            _services.Parked.Note(-HeaderBytes);
        }
    }

    /// <summary>Takes up what has come due; what was turned away may be asked for again then.</summary>
    public void Unpark(Instant now)
    {
        while (_turnedAway.Count > 0 && _turnedAway.First().Key is var due && due.Hlc.Milliseconds <= _services.Clock.Limit(now))
        {
            ForgetTurnedAway(due);
            _waitingForTime.Remove(due.Id);
        }

        while (_parked.Count > 0 && _parked.First() is var first && first.Key.Hlc.Milliseconds <= _services.Clock.Limit(now))
        {
            _parked.Remove(first.Key);
            _waitingForTime.Remove(first.Key.Id);
            ReleaseParked(first.Value.Run);
            _host.Changed(this);
            _ready.Enqueue(first.Value);
        }

        while (_ready.TryDequeue(out var next))
        {
            Step(next.Run, next.Index, isReleased: true, now);
        }
    }

    /// <summary>Whether an entry is kept until its time has come.</summary>
    public bool IsParked(EntryId id) => _waitingForTime.TryGetValue(id, out var header) && _parked.ContainsKey((header.Hlc, id));

    /// <summary>Whether an entry waits for its time, and of what is behind it nothing is missing but what waits for its time, too.</summary>
    /// <param name="id">The entry.</param>
    /// <param name="judged">What was found out of others at this moment. Who names many entries has each looked at once.</param>
    public bool WaitsOnlyForItsTime(EntryId id, Dictionary<EntryId, bool> judged)
    {
        if (!_waitingForTime.ContainsKey(id))
        {
            return false;
        }

        var behind = new Stack<EntryId>([id]);
        while (behind.TryPeek(out var next))
        {
            if (judged.ContainsKey(next))
            {
                behind.Pop();
            }
            else if (!_waitingForTime.TryGetValue(next, out var header))
            {
                judged[next] = Knows(next) || IsRefused(next);
            }
            else
            {
                var pending = behind.Count;
                var isWhole = true;
                foreach (var predecessor in Predecessors(header))
                {
                    if (!judged.TryGetValue(predecessor, out var isHere))
                    {
                        behind.Push(predecessor);
                    }

                    isWhole &= isHere;
                }

                if (behind.Count == pending)
                {
                    _services.Cost.Count(CostKind.Candidate);
                    judged[next] = isWhole;
                }
            }
        }

        return judged[id];
    }
}
