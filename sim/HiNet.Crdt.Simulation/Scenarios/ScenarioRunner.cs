using System.Diagnostics;
using HiNet.Crdt.Simulation.Diagrams;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Network;
using HiNet.Crdt.Simulation.Nodes;
using HiNet.Crdt.Simulation.Workload;

namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>
/// Runs a scenario in four phases. First people act and things go wrong. Then everything is mended, and every member must come to hold
/// every entry. Then people act once more, now that all is well. At last nobody acts, and there must be quiet on the links. Nothing
/// forbidden may happen in any of them.
/// </summary>
public sealed class ScenarioRunner
{
    /// <summary>Up to so many nodes, each is linked with every other one; in larger worlds each keeps a few links.</summary>
    private const int LargestMesh = 16;
    private const int LinksInLargeWorlds = 3;
    private const long QuietBytesPerLink = 64 * 1024;
    private const int MostMinutes = 5;

    /// <summary>A node of a DHT that is smaller than a bucket asks around ever more seldom, at first every half minute.</summary>
    private const long QuietBytesPerDhtNode = 128 * 1024;

    private static readonly TimeSpan s_listening = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    private readonly Scenario _scenario;
    private readonly SimulatedWorld _world;
    private readonly OperationRunner _operations;
    private double _convergenceSeconds;
    private long _quietBytes;

    private ScenarioRunner(Scenario scenario, ulong seed, INodeProgram program, Canary canary)
    {
        var random = new KeyedRandom(seed);
        _scenario = WorkloadGenerator.Expand(scenario, random);
        _world = new SimulatedWorld(
            seed,
            new WorldOptions
            {
                Network = scenario.Network,
                ClockSkew = scenario.ClockSkew,
                ClockDriftPerMillion = scenario.ClockSkew > TimeSpan.Zero ? 50 : 0,
                UseRealCryptography = scenario.RealCryptography,
                LinkEveryone = scenario.Nodes <= LargestMesh && !scenario.Dht,
                UseDht = scenario.Dht,
                DhtBucket = scenario.DhtBucket,
                AcceptInvitations = !scenario.Decide,
                Canary = canary,
                Bounds = ScenarioBounds.Of(scenario),
            },
            program);
        _world.Deciders = scenario.Decide ? new Deciders(_world) : null;
        _operations = new OperationRunner(_world, _scenario.Operations);
        _ = new FaultRunner(_world, _scenario.Faults);
    }

    /// <summary>Runs a scenario with a seed.</summary>
    public static RunReport Run(Scenario scenario, ulong seed, string name) => Run(scenario, seed, name, EngineProgram.Instance, Canary.None, null);

    /// <summary>Makes a scenario from a seed, and runs it.</summary>
    public static RunReport RunSwarm(ulong seed) => Run(SwarmGenerator.Generate(seed), seed, "swarm");

    /// <summary>Runs a scenario and tells of each transition in words: virtual time, node (-1 for the network), what.</summary>
    public static RunReport Run(Scenario scenario, ulong seed, string name, Action<TimeSpan, int, string>? log)
    {
        if (log is null)
        {
            return Run(scenario, seed, name);
        }

        var recording = new RunRecording(log);
        return recording.End(Run(scenario, seed, name, EngineProgram.Instance, Canary.None, recording.Line, recording));
    }

    internal static RunReport Run(
        Scenario scenario, ulong seed, string name, INodeProgram program, Canary canary, Action<TimeSpan, int, string>? log = null, IRunObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var watch = Stopwatch.StartNew();
        var runner = new ScenarioRunner(scenario, seed, program, canary);
        runner._world.Log = log;
        runner._world.Observer = observer;
        SimulationException? failure = null;
        try
        {
            runner.Run();
        }
        catch (SimulationException found)
        {
            failure = found;
        }
        catch (Exception defect)
        {
            // Thrown while the world read a node's state, for example by a reader that finds it damaged.
            failure = runner._world.Failure(SimulationResult.Crash, "engine-exception", $"{defect.GetType().Name}: {defect.Message}", defect);
        }

        return runner.Report(name, failure, watch.Elapsed);
    }

    private void Run()
    {
        for (var i = 0; i < _scenario.Nodes; i++)
        {
            _ = _scenario.Adversaries.FirstOrDefault(adversary => adversary.Node == i) is { } adversary
                ? _world.AddAdversary(adversary.Kind)
                : _world.AddNode();
        }

        if (!_world.Options.LinkEveryone && !_scenario.Dht)
        {
            LinkSome();
        }

        _world.RunFor(_scenario.Duration);
        if (!_scenario.AttacksGoOn)
        {
            _world.EndAttacks();
        }

        Mend();
        var mended = _world.Now;
        Settle(isEnd: false);
        _convergenceSeconds = (_world.Now - mended).TotalSeconds;
        ActAfterwards();
        _world.EndAttacks();
        Listen();
    }

    private void LinkSome()
    {
        foreach (var node in _world.Nodes)
        {
            for (ulong i = 0; i < LinksInLargeWorlds; i++)
            {
                var other = i == 0 ? (node.Index + 1) % _scenario.Nodes : (int)_world.Random.Below(DrawStream.Topology, (ulong)node.Index, i, _scenario.Nodes);
                if (other != node.Index)
                {
                    _world.Link(node, _world.Nodes[other]);
                }
            }
        }
    }

    // What people still want to do they try again, until it is done or has failed often enough; then everyone has to agree.
    private void Settle(bool isEnd)
    {
        var until = _world.Now + s_patience;
        while (_operations.IsWaiting && _world.Now < until)
        {
            _world.RunFor(s_look);
        }

        _world.RunUntilQuiet(isEnd);
    }

    // A node that has become mute shows here: what people do when all is well must be accepted, and reach everyone.
    private void ActAfterwards()
    {
        _world.Invariants.Refusals.IsSettled = true;
        var last = _operations.ActAfterwards();
        if (last > TimeSpan.Zero)
        {
            _world.RunFor(last + s_look);
        }

        Settle(isEnd: true);
    }

    private void Mend()
    {
        foreach (var node in _world.Nodes.Take(_scenario.Nodes))
        {
            _world.EndCopies(node);
        }

        _world.Network.Options = _world.Network.Options with { Loss = 0, Reset = 0, MaximumLatency = Shorter(_world.Network.Options) };
        foreach (var node in _world.Nodes.Where(node => !node.Process.IsGone))
        {
            _world.Network.Rejoin(node.Index);
            node.Process.Disarm();

            // Who goes on attacking goes on writing: whoever's clock is behind would always have to wait for the last of it.
            node.Process.SetClockRight(evenIfNear: _scenario.AttacksGoOn);
            if (node.IsUp && (node.Process.Disk.IsFull || node.Process.Disk.IsUnreadable || node.Process.Problem is not null))
            {
                _world.Crash(node);
            }

            if (!node.IsUp)
            {
                _world.Restart(node);
            }

            if (node.Process.IsPaused)
            {
                _world.Resume(node);
            }
        }

        _world.Heal();
    }

    private static TimeSpan Shorter(NetworkOptions options)
    {
        var bound = options.MinimumLatency + TimeSpan.FromMilliseconds(100);
        return options.MaximumLatency < bound ? options.MaximumLatency : bound;
    }

    // Catches storms of retries: when everyone agrees there is nothing to talk about. Whoever asks for all that there is again and again gets it,
    // and what only an adversary has had may come after that.
    private void Listen()
    {
        for (var minute = 0; minute < MostMinutes; minute++)
        {
            var (bytes, held) = (_world.Network.HonestBytesSent, Held());
            _world.RunFor(s_listening);
            _quietBytes = _world.Network.HonestBytesSent - bytes;
            if (_quietBytes <= QuietBudget() || held == Held())
            {
                break;
            }
        }

        // A home that was put back is not waited for, so it may still be catching up.
        if (!_world.Invariants.HasRestored && _quietBytes > QuietBudget())
        {
            throw _world.Failure(
                SimulationResult.Liveness, "traffic-budget", $"after everyone agreed, {_quietBytes} bytes were sent in a minute, and {QuietBudget()} may be");
        }
    }

    private long QuietBudget()
    {
        long links = 1;
        foreach (var node in _world.Nodes)
        {
            links += node.Process.Ends.Count + node.Process.KeptLinks.Count;
        }

        return (QuietBytesPerLink * links) + (_scenario.Dht ? QuietBytesPerDhtNode * _world.Nodes.Count : 0);
    }

    private long Held() => _world.Invariants.Ledgers.Sum(ledger => _world.Nodes.Sum(node => ledger.Held(node.Index)));

    private RunReport Report(string name, SimulationException? failure, TimeSpan wall)
    {
        SortedDictionary<string, double> metrics = new(StringComparer.Ordinal)
        {
            ["entries"] = _world.Invariants.Ledgers.Sum(ledger => ledger.Entries.Count),
            ["messages"] = _world.Invariants.Ledgers.Sum(ledger => ledger.Entries.Count(entry => entry.Entry.IsMessage)),
            ["bytesSent"] = _world.BytesSent,
            ["bytesAfterConvergence"] = _quietBytes,
            ["convergenceSeconds"] = _convergenceSeconds,
            ["links"] = _world.Network.LinksOpened,
            ["costStepsShare"] = _world.Invariants.Cost.StepsShare,
            ["costBytesShare"] = _world.Invariants.Cost.BytesShare,
        };
        string? silent = null;
        List<string> explained = [];
        foreach (var (kind, tally) in _operations.Tallies)
        {
            metrics["ops." + kind.ToString().ToLowerInvariant()] = tally.Succeeded;
            metrics["retries"] = metrics.GetValueOrDefault("retries") + tally.Retried;
            if (tally.Attempted == 0 || tally.Succeeded > 0)
            {
                continue;
            }

            if (tally.Explained >= tally.Attempted)
            {
                explained.Add($"{kind}: {tally.Attempted} refused, the last with \"{tally.LastObstacle}\"");
            }
            else
            {
                silent ??= $"{tally.Attempted} operations of the kind {kind} were attempted and none succeeded; the last obstacle: {tally.LastObstacle}";
            }
        }

        return new RunReport
        {
            Result = failure?.Result ?? (silent is null ? SimulationResult.Pass : SimulationResult.Unknown),
            Invariant = failure?.Invariant,
            Problem = failure?.Message ?? silent,
            Seed = _world.Seed,
            Scenario = name,
            Events = _world.Events,
            VirtualTime = _world.Now,
            WallTime = wall,
            TraceHash = _world.TraceHash,
            Marks = _world.Marks.Hits,
            Metrics = metrics,
            Explained = explained,
            Refusals = [.. _world.Invariants.Refusals.Judged.Select(judged => new JudgedRefusals(judged.Key.ToString(), judged.Value.Right, judged.Value.Wrong))],
        };
    }
}
