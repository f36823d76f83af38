using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Network;
using HiNet.Crdt.Simulation.Storage;

namespace HiNet.Crdt.Simulation;

/// <summary>How a world behaves before any fault is put on it. The defaults are a healthy home network and honest clocks.</summary>
public sealed record WorldOptions
{
    /// <summary>Latency, loss, breaks.</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>Delays and what a crash leaves.</summary>
    public DiskOptions Disk { get; init; } = new();

    /// <summary>What the run may use.</summary>
    public SimulationBudget Budget { get; init; } = new();

    /// <summary>The wall clock that all nodes believe in at the start, skew aside.</summary>
    public DateTimeOffset Epoch { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Each node's wall clock is off by up to so much, either way.</summary>
    public TimeSpan ClockSkew { get; init; }

    /// <summary>Each node's wall clock runs fast or slow by up to so many microseconds a second.</summary>
    public int ClockDriftPerMillion { get; init; }

    /// <summary>The longest time that checking a signature takes. Results return in an order drawn from the seed.</summary>
    public TimeSpan MaximumVerifyDelay { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// Every node keeps a link to every other one. Off, only <see cref="SimulatedWorld.Link"/> and the addresses in invites make links.
    /// </summary>
    public bool LinkEveryone { get; init; } = true;

    /// <summary>
    /// Every node takes part in the DHT, and begins there with the first node of the world: contacts and members find each other by it.
    /// </summary>
    public bool UseDht { get; init; }

    /// <summary>Contacts in a bucket of the DHT and holders of a record: Kademlia's k, 1 to 20. With fewer than there are nodes, tables get crowded.</summary>
    public int DhtBucket { get; init; } = 20;

    /// <summary>
    /// Groups that contacts invite to are joined at once. Off, as on a real node unless its host says otherwise, each invitation waits for
    /// <see cref="INode.AcceptInvitationAsync"/>.
    /// </summary>
    public bool AcceptInvitations { get; init; } = true;

    /// <summary>Computes with the real library instead of the imitation: some hundred times slower, and the bytes are those of a real node.</summary>
    public bool UseRealCryptography { get; init; }

    /// <summary>Checks the invariants. Off only to measure what checking costs.</summary>
    public bool CheckInvariants { get; init; } = true;

    /// <summary>How long <see cref="SimulatedWorld.RunUntilQuiet()"/> and awaited operations may take, in virtual time.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Bounds of every node's engine, smaller in worlds that want to see them met.</summary>
    internal Core.Engine.EngineBounds Bounds { get; init; } = Core.Engine.EngineBounds.Default;

    /// <summary>A fault planted into every node's effects, to see that the invariants catch it. Never set outside our own tests.</summary>
    internal Canary Canary { get; init; }
}
