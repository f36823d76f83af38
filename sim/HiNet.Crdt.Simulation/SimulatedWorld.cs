using HiNet.Crdt.Core.Dht;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Driving;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Adversaries;
using HiNet.Crdt.Simulation.Cryptography;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Invariants.Subscribers;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Network;
using HiNet.Crdt.Simulation.Nodes;
using HiNet.Crdt.Simulation.Storage;

namespace HiNet.Crdt.Simulation;

/// <summary>
/// A world of nodes in virtual time, all of it on the calling thread and all of it a function of one seed: the same seed, the
/// same calls, the same run. Nodes run the real engine; network, disks, clocks and cryptography are simulated.
/// <code>
/// var world = new SimulatedWorld(seed: 7);
/// var alice = world.AddNode("alice");
/// var bob = world.AddNode("bob");
/// world.Introduce(alice, bob);
/// var team = await alice.CreateGroupAsync("team", [bob.Self.Id]);
/// world.Partition([alice], [bob]);
/// await team.SendAsync("hello");
/// world.Heal();
/// world.RunUntilQuiet();
/// </code>
/// A world that finds something wrong throws <see cref="SimulationException"/>. Not thread-safe.
/// </summary>
public sealed partial class SimulatedWorld
{
    private const double TightBounds = 0.25;
    private const int SmallCausalBuffer = 24;
    private const int FewCommands = 2;
    private const long SmallLinkWindow = 16 * 1024;

    private readonly List<SimulatedNode> _nodes = [];
    private readonly INodeProgram _program;
    private readonly SortedDictionary<string, long> _counters = new(StringComparer.Ordinal);
    private readonly List<Exception> _observerFailures = [];

    /// <summary>An empty world.</summary>
    public SimulatedWorld(ulong seed, WorldOptions? options = null)
        : this(seed, options, EngineProgram.Instance)
    {
    }

    internal SimulatedWorld(ulong seed, WorldOptions? options, INodeProgram program)
    {
        Seed = seed;
        Options = options ?? new WorldOptions();
        _program = program;
        Random = new KeyedRandom(seed);
        Scheduler = new Scheduler(Options.Budget);
        Network = new SimulatedNetwork(Scheduler, Random, Options.Network) { QueueOverflowed = Overflowed };
        Cryptography = Options.UseRealCryptography ? new SeededSodium(Random) : new SimulatedCryptography(Random);
        CausalBufferEntries = Random.Chance(DrawStream.Bounds, 0, 0, TightBounds) ? SmallCausalBuffer : Limits.CausalBufferEntries;
        LinkWindowBytes = Math.Min(
            Options.Network.LinkBufferBytes / 4,
            Random.Chance(DrawStream.Bounds, 0, 1, TightBounds) ? SmallLinkWindow : Limits.LinkWindowBytes);
        AdmittedCommands = Random.Chance(DrawStream.Bounds, 0, 2, TightBounds) ? FewCommands : CommandAdmission.Maximum;
        MaximumVerifyDelay = Math.Max(30, Options.MaximumVerifyDelay.Ticks / TimeSpan.TicksPerMicrosecond);
        Invariants = new InvariantChecker(this);
    }

    /// <summary>What everything in this world derives from.</summary>
    public ulong Seed { get; }

    /// <summary>What the world was made with.</summary>
    public WorldOptions Options { get; }

    /// <summary>Virtual time since the start of the world.</summary>
    public TimeSpan Now => TimeSpan.FromMicroseconds(Scheduler.Now.Microseconds);

    /// <summary>All nodes, in the order in which they were added.</summary>
    public IReadOnlyList<SimulatedNode> Nodes => _nodes;

    /// <summary>Events so far.</summary>
    public long Events => Scheduler.Events;

    /// <summary>A hash over every event so far and its effects. Equal for equal seeds and calls, in every process and build.</summary>
    public ulong TraceHash => Scheduler.Trace.Value;

    /// <summary>Places in the engine that this run has reached.</summary>
    public Marks Marks { get; } = new();

    /// <summary>What the engine counted, by instrument, over all nodes.</summary>
    public IReadOnlyDictionary<string, long> Counters => _counters;

    /// <summary>
    /// What observers threw. As on a real node, which logs it, each such observer was called no more, and the world went on.
    /// </summary>
    public IReadOnlyList<Exception> ObserverFailures => _observerFailures;

    /// <summary>Bytes handed to the network so far, over all links.</summary>
    public long BytesSent => Network.BytesSent;

    internal KeyedRandom Random { get; }

    internal Scheduler Scheduler { get; }

    internal SimulatedNetwork Network { get; }

    internal ICryptography Cryptography { get; }

    internal InvariantChecker Invariants { get; }

    internal long MaximumVerifyDelay { get; }

    /// <summary>Entries of one conversation that may wait for a predecessor: in a quarter of the worlds so few that the bound is met.</summary>
    internal int CausalBufferEntries { get; }

    /// <summary>The other bounds of every node's engine.</summary>
    internal EngineBounds Bounds => Options.Bounds;

    /// <summary>Commands that a node's machine has unanswered at once: in a quarter of the worlds so few that others wait.</summary>
    internal int AdmittedCommands { get; }

    /// <summary>Bytes that the channels of a link may have waiting in it: in a quarter of the worlds so few that they take turns.</summary>
    internal long LinkWindowBytes { get; }

    /// <summary>Who decides about invitations; null when only the code that drives the world does.</summary>
    internal Workload.Deciders? Deciders { get; set; }

    /// <summary>Gets one line for each transition worth reading: virtual time, node, what. Null costs nothing.</summary>
    internal Action<TimeSpan, int, string>? Log { get; set; }

    /// <summary>Sees what a picture of the run needs. Null costs nothing.</summary>
    internal IRunObserver? Observer
    {
        get => Network.Observer;
        set => Network.Observer = value;
    }

    /// <summary>Adds a person with a node of their own, and starts it.</summary>
    /// <param name="name">What they call themselves; "node-K" when left out.</param>
    public SimulatedNode AddNode(string? name = null) => Add(name, null);

    /// <summary>Adds a person whose node takes part as any other does, and attacks the others beside that, until <see cref="EndAttacks"/>.</summary>
    /// <param name="kind">How it attacks.</param>
    /// <param name="name">What they call themselves; "node-K" when left out.</param>
    public SimulatedNode AddAdversary(AdversaryKind kind, string? name = null) =>
        AddAdversary((index, engine) => Attackers.Create(kind, this, index, engine), name);

    /// <summary>Adds an adversary whose attacker is made for its number and its home.</summary>
    internal SimulatedNode AddAdversary(Func<int, EngineHome, Attacker> attacker, string? name = null) => Add(name, attacker);

    private SimulatedNode Add(string? name, Func<int, EngineHome, Attacker>? attacker)
    {
        var index = _nodes.Count;
        var disk = new SimulatedDisk();
        var home = _program.CreateHome(index, name ?? $"node-{index}", Cryptography, disk);
        if (home is EngineHome { Options: var options } real)
        {
            real.Plant(Options.Canary);
            real.Options = PlantedWrites.Options(Options.Canary, options with
            {
                CausalBufferEntries = CausalBufferEntries,
                Bounds = Bounds,
                LinkWindowBytes = LinkWindowBytes,
                AcceptInvitations = Options.AcceptInvitations,
                Dht = Options.UseDht ? new DhtOptions { BucketSize = Options.DhtBucket } : null,
                AdvertisedAddresses = Options.UseDht ? [SimulatedNetwork.AddressOf(index)] : [],
            });
        }

        if (attacker is not null)
        {
            home = home is EngineHome engine
                ? new AdversaryHome(engine, attacker(index, engine))
                : throw new InvalidOperationException("Only nodes that run the engine can be adversaries.");
        }

        var skew = Options.ClockSkew.Ticks / TimeSpan.TicksPerMicrosecond;
        var clock = new SimulatedClock(
            Options.Epoch.ToUnixTimeMilliseconds(),
            Random.Between(DrawStream.ClockSkew, (ulong)index, 0, -skew, skew),
            Random.Between(DrawStream.ClockDrift, (ulong)index, 0, -Options.ClockDriftPerMillion, Options.ClockDriftPerMillion));
        var process = new NodeProcess(this, index, home, disk, clock);
        var node = new SimulatedNode(this, process);
        _nodes.Add(node);
        Network.Attach(process);
        Invariants.Added(process);
        if (Options.LinkEveryone)
        {
            for (var other = 0; other < index; other++)
            {
                process.KeptLinks.Add(SimulatedNetwork.AddressOf(other));
            }
        }

        process.Boot();
        return node;
    }

    /// <summary>Makes one node dial another and keep the link, now and after each restart.</summary>
    public void Link(SimulatedNode from, SimulatedNode to)
    {
        Own(from);
        Own(to);
        from.Process.KeptLinks.Add(to.Address);
        from.Process.Submit(new NodeCommand.KeepLinked(to.Address), static _ => { });
    }

    /// <summary>Makes two people contacts of each other, as by an invite; returns when both know the other.</summary>
    public void Introduce(SimulatedNode one, SimulatedNode other)
    {
        Own(one);
        Own(other);
        var invite = one.CreateInviteAsync().GetAwaiter().GetResult();
        other.AddContactAsync(invite).GetAwaiter().GetResult();
        RunUntil(
            () => one.Contacts.Any(contact => contact.Id == other.Self.Id) && other.Contacts.Any(contact => contact.Id == one.Self.Id),
            Options.Patience);
    }

    internal SimulationException Failure(SimulationResult result, string invariant, string detail, Exception? cause = null) =>
        new(result, invariant, Seed, Now, detail, cause);

    internal void ObserverThrew(SimulatedNode node, Exception defect)
    {
        if (defect is SubscriberException)
        {
            return;
        }

        Trace(node.Process, $"an observer threw {defect.GetType().Name}: {defect.Message}");
        _observerFailures.Add(defect);
    }

    internal void Trace(NodeProcess process, string what) => Log?.Invoke(Now, process.Index, what);

    internal void Count(string instrument, long amount) => _counters[instrument] = _counters.GetValueOrDefault(instrument) + amount;

    internal void Booted(NodeProcess process)
    {
        if (process.Original is null)
        {
            Observer?.Booted(process, Scheduler.Now.Microseconds);
        }

        if (process.Index < _nodes.Count)
        {
            Invariants.Booted(process);
            _nodes[process.Index].CatchUp();
            Deciders?.Booted(process);
            if (Options.Canary == Canary.PublishedTwiceAfterRestart)
            {
                foreach (var conversation in process.Home.Reader.Conversations())
                {
                    PublishedAgain(process, conversation);
                }
            }
        }
    }

    internal void Published(NodeProcess process, ConversationId conversation, EventCursor upTo)
    {
        Invariants.Published(process, conversation, upTo);
        _nodes[process.Index].Conversation(conversation).Feed.Publish(upTo);
    }

    internal void PublishedAgain(NodeProcess process, ConversationId conversation) => Invariants.Republished(process, conversation);

    internal void Announced(NodeProcess process, NodeEvent announced)
    {
        Trace(process, announced.ToString());
        Invariants.Announced(process, announced);
        _nodes[process.Index].Announce(announced);
        Deciders?.Announced(process, announced);
    }

    private void Own(SimulatedNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Index >= _nodes.Count || _nodes[node.Index] != node)
        {
            throw new ArgumentException("The node belongs to another world.", nameof(node));
        }
    }

    private void Overflowed(int node, long pending) => Invariants.Overflowed(node, pending);
}
