using HiNet.Crdt.Simulation.Network;

namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>A run as data: how many nodes for how long, what the network is like, what people do and what goes wrong. Read by <see cref="ScenarioReader"/>.</summary>
public sealed record Scenario
{
    internal const int MostInBucket = 20;

    /// <summary>1 to 10,000.</summary>
    public required int Nodes { get; init; }

    /// <summary>How long workload and faults last; the time to recover comes on top.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>What the network is like apart from faults.</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>Each wall clock is off by up to so much, either way.</summary>
    public TimeSpan ClockSkew { get; init; }

    /// <summary>What people do at random; null for nothing but <see cref="Operations"/>.</summary>
    public WorkloadOptions? Workload { get; init; }

    /// <summary>What goes wrong, and when.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>What people do, and when, beside the workload.</summary>
    public IReadOnlyList<Operation> Operations { get; init; } = [];

    /// <summary>Nodes that do not keep to the protocol; each node at most once.</summary>
    public IReadOnlyList<Adversary> Adversaries { get; init; } = [];

    /// <summary>Adversaries go on while everything is mended, people act again and everyone has to agree; otherwise they end with the faults.</summary>
    public bool AttacksGoOn { get; init; }

    /// <summary>Bounds of the engine that are smaller than usual, by the names of <see cref="ScenarioBounds"/>; every node has them.</summary>
    public IReadOnlyDictionary<string, int> Bounds { get; init; } = new SortedDictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Nodes know the first one's address and nothing else: contacts and members find each other through the DHT.</summary>
    public bool Dht { get; init; }

    /// <summary>Kademlia's k where there is a DHT, 1 to 20: with fewer than there are nodes, tables get crowded.</summary>
    public int DhtBucket { get; init; } = MostInBucket;

    /// <summary>Nobody joins a group by itself: people accept each invitation after a while.</summary>
    public bool Decide { get; init; }

    /// <summary>Computes with the real cryptography.</summary>
    public bool RealCryptography { get; init; }
}
