using System.Numerics;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Adversaries;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Network;
using HiNet.Crdt.Simulation.Scenarios;

namespace HiNet.Crdt.Simulation.Workload;

/// <summary>
/// Makes a whole scenario from a seed. Each kind of fault is off in half of the runs: a run in which everything goes wrong at
/// once hides what one fault alone would show (Groce et al., "Swarm Testing", ISSTA 2012).
/// </summary>
internal sealed class SwarmGenerator(ulong seed)
{
    /// <summary>Draws of its own, so that the other draws of a seed stay what they were.</summary>
    private const ulong Discovery = 1;
    private const ulong Movement = 2;
    private const ulong Hostility = 4;

    // Fewer than the other nodes of a larger world, so that not everyone has a place in everyone's table.
    private const int SmallBucket = 3;

    /// <summary>People in one group: as many as a group may begin with.</summary>
    private const int LargestGroup = Limits.GenesisMembers;

    private readonly KeyedRandom _random = new(seed);
    private readonly List<Fault> _faults = [];
    private ulong _draws;
    private ulong _kinds;

    public static Scenario Generate(ulong seed) => new SwarmGenerator(seed).Generate();

    private Scenario Generate()
    {
        var shape = Shape();
        var nodes = shape.Nodes ?? (int)Between(2, 6);
        var duration = TimeSpan.FromSeconds(Between(15, 60));
        var network = new NetworkOptions
        {
            MinimumLatency = TimeSpan.FromMilliseconds(Between(0, 10)),
            MaximumLatency = TimeSpan.FromMilliseconds(Between(10, IsOn() ? 1_000 : 100)),
            Loss = IsOn() ? Between(1, 100) / 1000d : 0,
            Reset = IsOn() ? Between(1, 20) / 1000d : 0,
            Split = IsOn() ? Between(1, 500) / 1000d : 0,
            BytesPerSecond = IsOn() && IsOn() ? Between(10_000, 1_000_000) : 0,
        };
        var scenario = new Scenario
        {
            Nodes = nodes,
            Duration = duration,
            Network = network,
            ClockSkew = IsOn() ? TimeSpan.FromMilliseconds(Between(1, IsOn() ? 20_000 : 500)) : TimeSpan.Zero,
            Workload = new WorkloadOptions
            {
                MessagesPerSecond = (shape.Operations ?? Size()) / duration.TotalSeconds,
                Conversations = shape.Conversations ?? (int)Between(1, 4),
                LargestGroup = LargestGroup,
            },
            RealCryptography = !shape.IsLarge && Between(0, 49) == 0,
            Dht = !shape.IsLarge && _random.Below(DrawStream.Swarm, Discovery, 0, 8) == 0,
        };
        if (scenario.Dht && _random.Below(DrawStream.Swarm, Discovery, 1, 2) == 0)
        {
            scenario = scenario with { DhtBucket = SmallBucket };
        }

        scenario = scenario with { Decide = _random.Below(DrawStream.Invitations, 0, 0, 4) == 0 };
        AddFaults(nodes, duration);
        _faults.AddRange(TimeFaults.Draw(_random, nodes, duration));
        var adversaries = Adversaries(nodes);
        scenario = scenario with { Faults = _faults, Adversaries = adversaries, AttacksGoOn = adversaries.Count > 0 && Own(Movement, 0, 0, 1) == 1 };
        scenario = scenario with { Bounds = new BoundsGenerator(_random, nodes).Generate(adversaries.Exists(adversary => adversary.Kind is AdversaryKind.Flood or AdversaryKind.Crowd), shape.IsLarge) };
        scenario = WorkloadGenerator.Expand(scenario, _random);
        return scenario with { Operations = [.. scenario.Operations, .. new MovementGenerator(scenario, shape, _random).Generate()] };
    }

    // A few worlds are large in one way, and short in the others, so that the average costs no more.
    private WorldShape Shape() => Own(Movement, 1, 0, 19_999) switch
    {
        < 5 => new WorldShape { Nodes = (int)Own(Movement, 2, 17, 32), Operations = 16, Conversations = 1 },
        < 6 => new WorldShape { Nodes = (int)Own(Movement, 2, 100, 300), Operations = 8, Conversations = 1 },
        < 22 => new WorldShape { Nodes = 3, Operations = 40, Conversations = (int)Own(Movement, 2, 50, 300) },
        < 42 => new WorldShape { Nodes = (int)Own(Movement, 2, 2, 3), Operations = 12, Conversations = 3, Backlog = (int)Own(Movement, 3, 1, 6) << 20 },
        _ => new WorldShape(),
    };

    // From 5 to 79 operations, each octave half as likely as the one below it, so that as much time is spent in each: a small world
    // costs little and shows most of what a large one shows (Jackson's small scope hypothesis), so most seeds are spent on small ones.
    private long Size()
    {
        var least = 5L << (3 - BitOperations.Log2((uint)Between(1, 15)));
        return least + Between(0, least - 1);
    }

    // Two of five at most, and none in half of the runs: the others need each other to agree. Never two who lie about the time: someone
    // who is linked with them alone is outvoted, and the engine promises nothing then.
    private List<Adversary> Adversaries(int nodes)
    {
        List<Adversary> adversaries = [];
        if (nodes < 3 || !IsOn())
        {
            return adversaries;
        }

        var first = Node(nodes);
        adversaries.Add(new Adversary(first, Kind()));
        if (nodes >= 5 && IsOn())
        {
            var second = new Adversary((first + (int)Between(1, nodes - 1)) % nodes, Kind());
            var isOneTooMany = second.Kind == AdversaryKind.PoisonClock && adversaries[0].Kind == AdversaryKind.PoisonClock;
            adversaries.Add(isOneTooMany ? second with { Kind = AdversaryKind.Replay } : second);
        }

        return adversaries;
    }

    // Kinds that came later are drawn apart, so that the other worlds of a seed stay what they were.
    private AdversaryKind Kind()
    {
        var kind = (AdversaryKind)Between(0, (long)AdversaryKind.Sybil);
        return Own(Hostility, _kinds++, 0, 11) switch
        {
            0 => AdversaryKind.Crowd,
            1 => AdversaryKind.Exclude,
            2 => AdversaryKind.Drip,
            _ => kind,
        };
    }

    private void AddFaults(int nodes, TimeSpan duration)
    {
        if (IsOn())
        {
            Repeat(duration, 4, at => AddPartition(at, nodes, duration));
        }

        if (IsOn())
        {
            Repeat(duration, 6, at => AddDownTime(at, nodes, duration));
        }

        if (IsOn())
        {
            Repeat(duration, 4, at => _faults.Add(new Fault { At = at, Kind = FaultKind.Cut, Node = Node(nodes), To = Node(nodes) }));
            _faults.Add(new Fault { At = duration / 2, Kind = FaultKind.Heal });
        }

        if (IsOn())
        {
            Repeat(duration, 4, at => _faults.Add(new Fault { At = at, Kind = FaultKind.Clog, Node = Node(nodes), To = Node(nodes) }));
        }

        if (IsOn())
        {
            Repeat(duration, 3, at => AddPause(at, nodes, duration));
        }

        if (IsOn())
        {
            Repeat(duration, 3, at => _faults.Add(new Fault { At = at, Kind = FaultKind.StepClock, Node = Node(nodes), By = Step() }));
        }
    }

    private void AddPartition(TimeSpan at, int nodes, TimeSpan duration)
    {
        List<int> left = [];
        List<int> right = [];
        var isolated = IsOn() ? Node(nodes) : -1;
        for (var node = 0; node < nodes; node++)
        {
            var isLeft = isolated >= 0 ? node == isolated : IsOn();
            (isLeft ? left : right).Add(node);
        }

        _faults.Add(new Fault { At = at, Kind = FaultKind.Partition, Groups = [left, right] });
        _faults.Add(new Fault { At = Later(at, duration, 500, 40_000), Kind = FaultKind.Heal });
    }

    private void AddDownTime(TimeSpan at, int nodes, TimeSpan duration)
    {
        var node = Node(nodes);
        var kind = Between(0, 9) switch
        {
            < 7 => FaultKind.Crash,
            7 => FaultKind.PowerLoss,
            8 => FaultKind.DiskFull,
            _ => FaultKind.ReadError,
        };
        int? effect = kind == FaultKind.Crash && IsOn() ? (int)Between(0, 6) : null;
        _faults.Add(new Fault { At = at, Kind = kind, Node = node, Effect = effect });
        var back = Later(at, duration, 1, 20_000);
        if (kind is FaultKind.DiskFull or FaultKind.ReadError)
        {
            _faults.Add(new Fault { At = back, Kind = FaultKind.Crash, Node = node });
        }

        _faults.Add(new Fault { At = back + TimeSpan.FromMilliseconds(1), Kind = FaultKind.Restart, Node = node });
    }

    private void AddPause(TimeSpan at, int nodes, TimeSpan duration)
    {
        var node = Node(nodes);
        _faults.Add(new Fault { At = at, Kind = FaultKind.Pause, Node = node });
        _faults.Add(new Fault { At = Later(at, duration, 10, 60_000), Kind = FaultKind.Resume, Node = node });
    }

    private void Repeat(TimeSpan duration, int most, Action<TimeSpan> add)
    {
        var times = Between(1, most);
        for (var i = 0; i < times; i++)
        {
            add(TimeSpan.FromMilliseconds(Between(0, (long)duration.TotalMilliseconds)));
        }
    }

    private TimeSpan Later(TimeSpan at, TimeSpan duration, long least, long most)
    {
        var later = at + TimeSpan.FromMilliseconds(Between(least, most));
        return later < duration ? later : duration;
    }

    // Mostly a little, sometimes beyond what the engine lets pass without parking.
    private TimeSpan Step() => TimeSpan.FromMilliseconds(IsOn() ? Between(-480_000, 480_000) : Between(-20_000, 20_000));

    private int Node(int nodes) => (int)Between(0, nodes - 1);

    private bool IsOn() => Between(0, 1) == 1;

    private long Own(ulong owner, ulong number, long from, long to) => _random.Between(DrawStream.Swarm, owner, number, from, to);

    private long Between(long from, long to) => _random.Between(DrawStream.Swarm, 0, _draws++, from, to);
}
