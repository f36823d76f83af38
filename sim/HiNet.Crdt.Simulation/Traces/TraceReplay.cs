using System.Diagnostics;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Cryptography;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Traces;

/// <summary>
/// Replays a causal history: each author is a device that has been handed exactly what it had seen, and writes on top of that.
/// Then every entry reaches several other replicas one by one, each in an order of its own drawn from the seed, some of them
/// twice. All must end with one state hash and one order, and that order must respect every parent.
/// </summary>
public static class TraceReplay
{
    private const long MicrosecondsPerEntry = 1_000_000;
    private const long SkewMilliseconds = 2_000;
    private const int FlushEvery = 256;
    private const int RepeatOneIn = 20;
    private const long Epoch = 1_767_225_600_000;

    /// <summary>Replays a history with a seed and compares so many replicas.</summary>
    public static RunReport Run(CausalTrace trace, ulong seed, int replicas, string name)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        var watch = Stopwatch.StartNew();
        var replay = new Replay(trace, seed);
        SimulationException? failure = null;
        try
        {
            replay.Write();
            replay.Deliver(replicas);
        }
        catch (SimulationException found)
        {
            failure = found;
        }

        return new RunReport
        {
            Result = failure?.Result ?? SimulationResult.Pass,
            Invariant = failure?.Invariant,
            Problem = failure?.Message,
            Seed = seed,
            Scenario = name,
            Events = replay.Events,
            VirtualTime = replay.Now,
            WallTime = watch.Elapsed,
            TraceHash = replay.Hash.Value,
            Marks = new SortedDictionary<string, long>(StringComparer.Ordinal),
            Metrics = new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["authors"] = trace.Authors.Count,
                ["entries"] = trace.Entries.Count,
                ["replicas"] = replicas,
                ["handed"] = replay.Events,
            },
        };
    }

    private sealed class Replay
    {
        private readonly CausalTrace _trace;
        private readonly KeyedRandom _random;
        private readonly ICryptography _cryptography;
        private readonly TraceReplica _creator;
        private readonly List<TraceReplica> _authors = [];
        private readonly List<bool[]> _seen = [];
        private readonly List<SignedRun[]> _runs = [];
        private readonly List<int> _before = [];
        private readonly Dictionary<int, int> _newest = [];
        private readonly ulong _seed;
        private List<SignedRun> _start = [];
        private long _now;

        public Replay(CausalTrace trace, ulong seed)
        {
            _trace = trace;
            _seed = seed;
            _random = new KeyedRandom(seed);
            _cryptography = new SimulatedCryptography(_random);
            _creator = new TraceReplica("creator", _cryptography, _random, 0);
        }

        public long Events { get; private set; }

        public TimeSpan Now => TimeSpan.FromMicroseconds(_now);

        public TraceHash Hash { get; } = new();

        public void Write()
        {
            for (var author = 0; author < _trace.Authors.Count; author++)
            {
                _authors.Add(new TraceReplica(_trace.Authors[author], _cryptography, _random, author + 1));
                _seen.Add(new bool[_trace.Entries.Count]);
            }

            _creator.CreateGroup(_authors, new Instant(_now), Wall(-1));
            _start = _creator.TakeWritten();
            for (var author = 0; author < _authors.Count; author++)
            {
                _authors[author].Join(_creator);
                _start.ForEach(run => Hand(author, run));
            }

            for (var i = 0; i < _trace.Entries.Count; i++)
            {
                _now += MicrosecondsPerEntry;
                Write(i);
            }
        }

        public void Deliver(int replicas)
        {
            List<EntryId>? order = null;
            ConversationStatus? status = null;
            for (var replica = 0; replica < replicas; replica++)
            {
                var target = new TraceReplica($"replica {replica}", _cryptography, _random, _authors.Count + 1 + replica);
                target.Join(_creator);
                DeliverTo(target, replica);
                var found = target.Status;
                Require(found.Entries == _runs.Sum(runs => (long)runs.Length) + _start.Count, "convergence", $"replica {replica} has {found.Entries} entries, and {target.Waiting} wait");
                var shown = target.Order();
                if (order is null)
                {
                    (order, status) = (shown, found);
                    CheckParents(shown);
                }

                Require(found.StateHash == status!.StateHash, "equal-frontier-equal-hash", $"replicas 0 and {replica} have different state hashes");
                Require(shown.SequenceEqual(order), "reference-model", $"replicas 0 and {replica} show different orders");
            }

            Hash.Fold(status!.StateHash.ToArray());
            order!.ForEach(id => Hash.Fold(id.Value.Prefix));
        }

        // Whatever lies in the past of the entry and has not been seen by its author is handed over, oldest first. A device's own
        // earlier entries are in the past of its later ones, also where the history's author had gone on from an older place.
        private void Write(int index)
        {
            var entry = _trace.Entries[index];
            var seen = _seen[entry.Author];
            SortedSet<int> missing = [];
            Stack<int> open = new(entry.Parents);
            _before.Add(_newest.TryGetValue(entry.Author, out var before) ? before : -1);
            _newest[entry.Author] = index;
            while (open.TryPop(out var parent))
            {
                if (!seen[parent] && missing.Add(parent))
                {
                    if (_before[parent] >= 0)
                    {
                        open.Push(_before[parent]);
                    }

                    foreach (var earlier in _trace.Entries[parent].Parents)
                    {
                        open.Push(earlier);
                    }
                }
            }

            foreach (var parent in missing)
            {
                seen[parent] = true;
                foreach (var run in _runs[parent])
                {
                    Hand(entry.Author, run);
                }
            }

            seen[index] = true;
            var author = _authors[entry.Author];
            author.Write(entry.Text, new Instant(_now), Wall(entry.Author));
            _runs.Add([.. author.TakeWritten()]);
        }

        private void Hand(int author, SignedRun run)
        {
            Events++;
            _authors[author].Offer(run, new Instant(_now), Wall(author));
        }

        private void DeliverTo(TraceReplica target, int replica)
        {
            List<SignedRun> all = [.. _start, .. _runs.SelectMany(runs => runs)];
            for (var i = all.Count - 1; i > 0; i--)
            {
                var other = (int)_random.Below(DrawStream.Replay, (ulong)replica, (ulong)i, i + 1);
                (all[i], all[other]) = (all[other], all[i]);
            }

            for (var i = 0; i < all.Count; i++)
            {
                target.Offer(all[i], new Instant(_now), Wall(-1));
                Events++;
                if (_random.Below(DrawStream.Replay, ~(ulong)replica, (ulong)i, RepeatOneIn) == 0)
                {
                    target.Offer(all[i / 2], new Instant(_now), Wall(-1));
                    Events++;
                }

                if (i % FlushEvery == FlushEvery - 1)
                {
                    target.Flush();
                }
            }

            target.Flush();
        }

        private void CheckParents(List<EntryId> order)
        {
            Dictionary<EntryId, int> places = [];
            for (var i = 0; i < order.Count; i++)
            {
                places.Add(order[i], i);
            }

            for (var i = 0; i < _trace.Entries.Count; i++)
            {
                foreach (var parent in _trace.Entries[i].Parents)
                {
                    Require(
                        places[MessageOf(parent)] < places[MessageOf(i)],
                        "causal-order",
                        $"entry {_trace.Entries[i].Id} is shown before its parent {_trace.Entries[parent].Id}");
                }
            }
        }

        private EntryId MessageOf(int index) => _runs[index][^1].Last.Id;

        private long Wall(int author) =>
            Epoch + (_now / 1000) + (author < 0 ? 0 : _random.Between(DrawStream.ClockSkew, (ulong)author, 0, -SkewMilliseconds, SkewMilliseconds));

        private void Require(bool holds, string invariant, string otherwise)
        {
            if (!holds)
            {
                throw new SimulationException(SimulationResult.Safety, invariant, _seed, Now, otherwise);
            }
        }
    }
}
