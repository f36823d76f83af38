using System.Diagnostics;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Dht;

/// <summary>
/// Measures lookups while nodes come and go: as many as at first are up at any time. Whose session ends is gone without a word, and
/// a fresh node takes its place, with a key, an address and an empty table of its own, told where three living nodes are.
/// One node in five keeps up a record. After a warm-up of two sessions and ten minutes each node asks for a random id and for
/// a record of a living node every twenty minutes, until there have been as many lookups as are wanted, at most two hours.
/// Metrics: <c>success</c>, the part of the lookups that found the nearest node that was up from their start to
/// their end; <c>successSettled</c>, the same where nodes in their first minute are not expected to be found; <c>recordsFound</c>;
/// <c>hopsMean</c>, <c>rpcsMean</c>, <c>latencyMean</c> in virtual seconds; <c>bytesPerNodeMinute</c>, sent in datagrams for
/// all purposes; <c>contactsGone</c>, the part of the tables' contacts that is no longer up at the end; <c>abandoned</c>, lookups whose
/// asker went before they ended, which count in nothing else; <c>departures</c> in the whole run.
/// </summary>
internal sealed class ChurnRun : IEventTarget
{
    private const int SessionEnds = 1, Publishes = 2;
    private const int Bootstraps = 3, PublishersAreOneIn = 5, Candidates = 20;

    private static readonly TimeSpan s_comingIn = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_publishesAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_eachAsksEvery = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(2);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_recordLifetime = TimeSpan.FromHours(24);

    private readonly DhtRunOptions _options;
    private readonly TimeSpan _session;
    private readonly Scheduler _scheduler = new(new SimulationBudget());
    private readonly SimulatedDht _network;
    private readonly List<SimulatedDhtNode> _up = [];
    private readonly List<(SimulatedDhtNode Publisher, DhtId Target)> _records = [];
    private readonly List<SimulatedDhtNode> _unanswered = [];
    private int _drawn, _arrivals, _published, _departures;
    private int _finds, _gets, _found, _foundSettled, _foundRecords;
    private long _hops, _queries;
    private TimeSpan _latency;

    public ChurnRun(DhtRunOptions options, TimeSpan session)
    {
        _options = options;
        _session = session;
        _network = new SimulatedDht(options, _scheduler);
    }

    /// <inheritdoc/>
    public int TraceId => 2;

    public RunReport Run()
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < _options.Nodes; i++)
        {
            _up.Add(null!);
            Begin(i, _network.NodeOf(_network.Honest[i]));
        }

        DhtWorkload.Settle(_scheduler, (2 * _session) + TimeSpan.FromMinutes(10));
        var (bytes, from) = (_network.Bytes, _scheduler.Now);
        var time = s_eachAsksEvery * 2 * _options.Lookups / _options.Nodes;
        var apart = (time < s_longest ? time : s_longest) / (2 * _options.Lookups);
        for (var i = 0; i < _options.Lookups; i++)
        {
            DhtWorkload.Settle(_scheduler, apart);
            StartFind(i);
            DhtWorkload.Settle(_scheduler, apart);
            StartGet(i);
        }

        var minutes = (_scheduler.Now - from).TotalMinutes;
        bytes = _network.Bytes - bytes;
        DhtWorkload.Settle(_scheduler, s_patience, () => _unanswered.Count == 0);
        return Report(watch.Elapsed, bytes / minutes / _options.Nodes);
    }

    /// <inheritdoc/>
    public void Fire(in ScheduledEvent scheduled)
    {
        var (place, node) = ((int)scheduled.Argument, (SimulatedDhtNode)scheduled.Payload!);
        if (scheduled.Kind == SessionEnds)
        {
            _departures++;
            _network.Depart(_network.PeerOf(node));
            _records.RemoveAll(record => record.Publisher == node);

            List<Endpoint> bootstraps = [];
            for (var i = 0; i < Bootstraps; i++)
            {
                var other = _up[Draw(_up.Count)];
                bootstraps.Add(_network.PeerOf(other == node ? _up[(place + 1) % _up.Count] : other).Endpoint);
            }

            Begin(place, _network.NodeOf(_network.Arrive(bootstraps)));
        }
        else if (_network.IsUp(node))
        {
            Publish(place, node);
        }
    }

    private void Begin(int place, SimulatedDhtNode node)
    {
        _up[place] = node;

        // The inverse of the distribution's function; the draw is above 0 and at most 1.
        var share = ((_network.Random.Draw(DrawStream.DhtSessions, 0, (ulong)_arrivals++) >> 11) + 1) / (double)(1UL << 53);
        _scheduler.After((long)Math.Ceiling(-Math.Log(share) * _session.TotalMicroseconds) + 1, this, SessionEnds, argument: place, payload: node);
        if (place % PublishersAreOneIn == 0)
        {
            _scheduler.After((long)s_publishesAfter.TotalMicroseconds, this, Publishes, argument: place, payload: node);
        }
    }

    private void Publish(int place, SimulatedDhtNode node)
    {
        var target = DhtWorkload.Target(_network, 1, _published++);
        var slot = DhtWorkload.SignedSlot(_network, target, s_recordLifetime);
        node.Command(new DhtOperation.Put(slot, IsKeptUp: true), _scheduler.Now, result =>
        {
            if (((DhtResult.PutSlot)result).Holders > 0)
            {
                _records.Add((node, target));
            }
            else
            {
                _scheduler.After((long)s_publishesAfter.TotalMicroseconds, this, Publishes, argument: place, payload: node);
            }
        });
    }

    private void StartFind(int number)
    {
        var asker = Asker();
        var target = DhtWorkload.Target(_network, 0, number);
        var started = _scheduler.Now;
        _unanswered.Add(asker);
        asker.Command(new DhtOperation.FindNode(target.Value), started, result =>
        {
            _unanswered.Remove(asker);
            var found = (DhtResult.FoundNodes)result;
            _finds++;
            _hops += found.Cost.Hops;
            _queries += found.Cost.Queries;
            _latency += found.Cost.Duration;
            _found += IsFound(found, target, asker, started, TimeSpan.Zero) ? 1 : 0;
            _foundSettled += IsFound(found, target, asker, started, s_comingIn) ? 1 : 0;
        });
    }

    private bool IsFound(DhtResult.FoundNodes found, DhtId target, SimulatedDhtNode asker, Instant started, TimeSpan comingIn)
    {
        foreach (var peer in _network.Honest.Nearest(target, Candidates))
        {
            var node = _network.NodeOf(peer);
            if (node != asker && node.UpSince + comingIn <= started)
            {
                return found.Nearest.Contains(peer.Contact);
            }
        }

        return true;
    }

    private void StartGet(int number)
    {
        if (_records.Count == 0)
        {
            return;
        }

        var asker = Asker();
        var (publisher, target) = _records[Draw(_records.Count)];
        _unanswered.Add(asker);
        asker.Command(new DhtOperation.Get(target.Value, IsDisjoint: false), _scheduler.Now, result =>
        {
            _unanswered.Remove(asker);
            _gets++;
            _foundRecords += ((DhtResult.FoundSlots)result).Slots.Count > 0 ? 1 : 0;
        });
    }

    // Nobody asks in its first minute, if that can be had; the draws are bounded.
    private SimulatedDhtNode Asker()
    {
        var asker = _up[Draw(_up.Count)];
        for (var i = 0; i < Candidates && _scheduler.Now - asker.UpSince < s_comingIn; i++)
        {
            asker = _up[Draw(_up.Count)];
        }

        return asker;
    }

    private int Draw(int bound) => (int)_network.Random.Below(DrawStream.DhtSessions, 1, (ulong)_drawn++, bound);

    private double ContactsGone()
    {
        var contacts = _up.SelectMany(node => node.Machine.Table.Entries()).ToList();
        return (double)contacts.Count(entry => !_network.IsHonest(entry.Peer)) / Math.Max(1, contacts.Count);
    }

    private RunReport Report(TimeSpan wallTime, double bytesPerNodeMinute)
    {
        var isStuck = _unanswered.Exists(_network.IsUp);
        return new RunReport
        {
            Result = isStuck || _found == 0 ? SimulationResult.Liveness : SimulationResult.Pass,
            Problem = isStuck ? "Some lookups have not ended." : null,
            Seed = _options.Seed,
            Scenario = "dht",
            Events = _scheduler.Events,
            VirtualTime = _scheduler.Now - default(Instant),
            WallTime = wallTime,
            TraceHash = _scheduler.Trace.Value,
            Marks = new SortedDictionary<string, long>(StringComparer.Ordinal),
            Metrics = new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["success"] = (double)_found / Math.Max(1, _finds),
                ["successSettled"] = (double)_foundSettled / Math.Max(1, _finds),
                ["recordsFound"] = (double)_foundRecords / Math.Max(1, _gets),
                ["hopsMean"] = (double)_hops / Math.Max(1, _finds),
                ["rpcsMean"] = (double)_queries / Math.Max(1, _finds),
                ["latencyMean"] = _latency.TotalSeconds / Math.Max(1, _finds),
                ["bytesPerNodeMinute"] = bytesPerNodeMinute,
                ["contactsGone"] = ContactsGone(),
                ["abandoned"] = _unanswered.Count,
                ["departures"] = _departures,
            },
        };
    }
}
