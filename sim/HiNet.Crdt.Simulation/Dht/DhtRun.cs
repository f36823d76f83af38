using System.Diagnostics;
using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Dht;

/// <summary>
/// Measures lookups in a large network: the machines are those that users run, cryptography is imitated, and each lookup is held
/// against what it should have found.
/// </summary>
public static class DhtRun
{
    private const int Holders = 20;

    // So far apart lookups hardly meet; the run still takes little virtual time, so that nobody has found out yet who is dead.
    private static readonly TimeSpan s_apart = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Runs. Metrics: <c>success</c>, the part of the lookups that found the nearest node that is alive and honest; <c>hopsMean</c>
    /// and <c>rpcsMean</c> of these lookups; <c>recordsFound</c>, the part of as many records, put at the nearest nodes
    /// before any of them died, that are found; <c>latencyMean</c>, <c>recordLatencyMean</c>, <c>recordLatencyMost</c>, until a record that was found was told
    /// of, and <c>getLatencyMost</c>, until everything was read, in virtual seconds; and <c>bytesPerLookup</c>. Where nodes stay up for a mean time only, <see cref="ChurnRun"/> says what is measured.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static RunReport Run(DhtRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (options.Session is { } session)
        {
            return new ChurnRun(options, session).Run();
        }

        var watch = Stopwatch.StartNew();
        var scheduler = new Scheduler(new SimulationBudget());
        var network = new SimulatedDht(options, scheduler);
        var tally = new Tally();
        for (var i = 0; i < options.Lookups; i++)
        {
            DhtWorkload.Settle(scheduler, s_apart);
            StartFind(network, scheduler, options, i, tally);
        }

        DhtWorkload.Settle(scheduler, s_patience, () => tally.Finds == options.Lookups);
        var findBytes = network.Bytes;
        for (var i = 0; i < options.Lookups; i++)
        {
            DhtWorkload.Settle(scheduler, s_apart);
            StartGet(network, scheduler, options, i, tally);
        }

        DhtWorkload.Settle(scheduler, s_patience, () => tally.Gets == options.Lookups);
        return new RunReport
        {
            Result = tally.Finds < options.Lookups || tally.Gets < options.Lookups || tally.Found == 0 ? SimulationResult.Liveness : SimulationResult.Pass,
            Problem = tally.Finds < options.Lookups || tally.Gets < options.Lookups ? "Some lookups have not ended." : null,
            Seed = options.Seed,
            Scenario = "dht",
            Events = scheduler.Events,
            VirtualTime = scheduler.Now - default(Core.Ports.Instant),
            WallTime = watch.Elapsed,
            TraceHash = scheduler.Trace.Value,
            Marks = new SortedDictionary<string, long>(StringComparer.Ordinal),
            Metrics = new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["hopsMean"] = (double)tally.Hops / Math.Max(1, tally.Finds),
                ["rpcsMean"] = (double)tally.Queries / Math.Max(1, tally.Finds),
                ["success"] = (double)tally.Found / options.Lookups,
                ["recordsFound"] = (double)tally.Records / options.Lookups,
                ["recordLatencyMean"] = tally.RecordLatency.TotalSeconds / Math.Max(1, tally.Records),
                ["recordLatencyMost"] = tally.RecordLatencyMost.TotalSeconds,
                ["getLatencyMost"] = tally.GetLatencyMost.TotalSeconds,
                ["latencyMean"] = tally.Latency.TotalSeconds / Math.Max(1, tally.Finds),
                ["bytesPerLookup"] = (double)findBytes / options.Lookups,
                ["refused"] = network.Counts.Where(count => count.Key.StartsWith("dht.refused.", StringComparison.Ordinal)).Sum(count => count.Value),
            },
        };
    }

    private static void StartFind(SimulatedDht network, Scheduler scheduler, DhtRunOptions options, int number, Tally tally)
    {
        var asker = Asker(network, number);
        var target = DhtWorkload.Target(network, 0, number);
        var expected = network.Honest.Nearest(target, 2).Find(peer => peer != asker);
        network.NodeOf(asker).Command(new DhtOperation.FindNode(target.Value, options.Hostile > 0), scheduler.Now, result =>
        {
            var found = (DhtResult.FoundNodes)result;
            tally.Finds++;
            tally.Hops += found.Cost.Hops;
            tally.Queries += found.Cost.Queries;
            tally.Latency += found.Cost.Duration;
            tally.Found += expected is null || found.Nearest.Contains(expected.Contact) ? 1 : 0;
        });
    }

    private static void StartGet(SimulatedDht network, Scheduler scheduler, DhtRunOptions options, int number, Tally tally)
    {
        var asker = Asker(network, number);
        var target = DhtWorkload.Target(network, 1, number);
        var slot = DhtWorkload.SignedSlot(network, target, TimeSpan.FromHours(1));
        foreach (var holder in network.Nearest(target, Holders).Where(network.IsHonest))
        {
            network.NodeOf(holder).Machine.Slots.Put(slot, holder.Endpoint, network.UnixMilliseconds / 1000, out _);
        }

        network.Claim(slot);
        var began = scheduler.Now;
        network.NodeOf(asker).Command(
            new DhtOperation.Get(target.Value, options.Hostile > 0),
            scheduler.Now,
            result =>
            {
                tally.Gets++;
                tally.Records += ((DhtResult.FoundSlots)result).Slots.Any(found => found.Writer == slot.Writer) ? 1 : 0;
                tally.GetLatencyMost = Longer(tally.GetLatencyMost, scheduler.Now - began);
            },
            found =>
            {
                if (found.Writer == slot.Writer)
                {
                    tally.RecordLatency += scheduler.Now - began;
                    tally.RecordLatencyMost = Longer(tally.RecordLatencyMost, scheduler.Now - began);
                }
            });
    }

    private static DhtPeer Asker(SimulatedDht network, int number) =>
        network.Honest[(int)network.Random.Below(DrawStream.DhtWorkload, 2, (ulong)number, network.HonestNodes)];

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private sealed class Tally
    {
        public int Finds, Gets, Found, Records;
        public long Hops, Queries;
        public TimeSpan Latency, RecordLatency, RecordLatencyMost, GetLatencyMost;
    }
}
