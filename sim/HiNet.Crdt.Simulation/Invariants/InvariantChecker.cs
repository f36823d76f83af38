using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Bytes;
using HiNet.Crdt.Simulation.Cryptography;
using HiNet.Crdt.Simulation.Invariants.Subscribers;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Meaning;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>Watches everything that becomes durable, is answered, published or announced, keeps the ledger and asks the invariants.</summary>
internal sealed class InvariantChecker : IEventTarget
{
    private const long LookInterval = 5_000_000;

    private readonly SortedDictionary<ConversationId, ConversationLedger> _ledgers = [];
    private readonly Dictionary<DeviceId, NodeProcess> _homes = [];
    private readonly List<NodeProcess> _processes = [];
    private readonly HashSet<DeviceId> _restored = [];
    private readonly Invariant[] _invariants;
    private readonly EventsOnceInOrder _events;
    private readonly WithinBounds _bounds;
    private readonly MessagesMeant _messages;
    private readonly ListsMeant _lists;
    private readonly FrameWatch _frames;

    internal InvariantChecker(SimulatedWorld world)
    {
        World = world;
        Membership = new MembershipModel(_ledgers.GetValueOrDefault, person => Intents!.People.NodeOf(person)?.Index);
        Custody = new Custody(this);
        Refusals = new RefusalJustified(this);
        _events = new EventsOnceInOrder(this);
        _bounds = new WithinBounds(this);
        Intents = new IntentLog(this);
        Expectations = new Expectations(this);
        _messages = new MessagesMeant(this);
        _lists = new ListsMeant(this);
        var erased = new ErasedGone(this);
        Cost = new CostWithinBudget(this);
        var strangers = new StrangersLearnNothing(this);
        _frames = new FrameWatch(world, erased, strangers);
        _invariants = world.Options.CheckInvariants
            ?
            [
                new AppliedVerifies(this), new NoSelfFork(this), new DurableBeforeSent(this), new DurablePrefix(this), new CausalOrder(this), new PastComplete(this),
                new MembersOnly(this), new EqualFrontierEqualHash(this), _events, new HonestPeersTrusted(this), _bounds,
                new EquivocationReported(this), new FutureWaits(this), new StampedInTime(this), new ChainIntact(this), _messages, new MembersMeant(this),
                _lists, new EventsMeant(this), new AnnouncedMeant(this), new StatusMeant(this), new DeletedStaysDeleted(this), Refusals, erased, strangers, Cost,
                new SubscribersAgree(this),
            ]
            : [];
        if (_invariants.Length > 0)
        {
            world.Scheduler.After(LookInterval, this, 0);
            if (world.Cryptography is SimulatedCryptography simulated)
            {
                simulated.Tap = _frames;
            }
        }
    }

    public SimulatedWorld World { get; }

    public int TraceId => -2;

    public MembershipModel Membership { get; }

    /// <summary>Who has to hold what.</summary>
    public Custody Custody { get; }

    /// <summary>Which refusals were right.</summary>
    public RefusalJustified Refusals { get; }

    public ConversationLedger? LedgerOf(ConversationId conversation) => _ledgers.GetValueOrDefault(conversation);

    /// <summary>What people asked for.</summary>
    public IntentLog Intents { get; }

    /// <summary>What they must see of it.</summary>
    public Expectations Expectations { get; }

    /// <summary>What nodes show of their conversations at the moment.</summary>
    public Statuses Statuses { get; } = new();

    public CostWithinBudget Cost { get; }

    public IEnumerable<ConversationLedger> Ledgers => _ledgers.Values;

    /// <summary>Nodes that keep to the protocol. What others say, store and show is nobody's business.</summary>
    public IReadOnlyList<NodeProcess> Processes => _processes;

    public bool HasAdversaries { get; private set; }

    public NodeProcess? HomeOf(DeviceId device) => _homes.GetValueOrDefault(device);

    /// <summary>Whose device wrote an entry; default where nobody has it.</summary>
    public IdentityId AuthorOf(LedgerEntry entry) => HomeOf(entry.Entry.Device)?.Home.Self.Id ?? default;

    public bool IsHeld(NodeProcess process, EntryId entry)
    {
        foreach (var ledger in _ledgers.Values)
        {
            if (ledger.Find(entry) is { } known)
            {
                return known.HeldBy.Contains(process.Index);
            }
        }

        return false;
    }

    /// <summary>The home of this device was put back as it was earlier: it may have two futures.</summary>
    public bool WasRestored(DeviceId device) => _restored.Contains(device);

    public bool HasRestored => _restored.Count > 0;

    /// <summary>Whether a node keeps to the protocol and has one past: what it said it holds it holds, and what its person meant is known.</summary>
    public bool IsReliable(NodeProcess process) => process.IsHonest && !WasRestored(process.Home.Device);

    /// <summary>Whether a reliable node wrote an entry.</summary>
    public bool IsReliable(LedgerEntry entry) => HomeOf(entry.Entry.Device) is { } author && IsReliable(author);

    /// <summary>Whether every node of this world is reliable, so far.</summary>
    public bool AreAllReliable => !HasAdversaries && _restored.Count == 0;

    /// <summary>
    /// A node's disk was put back as it was earlier. The ledger forgets what it held since. What nobody else holds is lost, and so is
    /// whoever was to be invited or met since by this node alone.
    /// </summary>
    public void Restored(NodeProcess process)
    {
        _restored.Add(process.Home.Device);
        if (!process.IsHonest)
        {
            return;
        }

        foreach (var ledger in _ledgers.Values)
        {
            ledger.Forget(process.Index);
        }

        foreach (var invariant in _invariants)
        {
            invariant.Restored(process);
        }

        foreach (var family in Enum.GetValues<ColumnFamily>())
        {
            using var rows = process.Disk.Scan(family, [], []);
            while (rows.MoveNext())
            {
                Found(process, new StoreChange(family, rows.Key.ToArray(), rows.Value.ToArray()));
            }
        }
    }

    /// <summary>A second machine runs from a copy of a home: all that holds for a node holds for it, but that its device has one future.</summary>
    public void Copied(NodeProcess process)
    {
        _processes.Add(process);
        Restored(process);
    }

    /// <summary>A copy is gone, and what only it had with it.</summary>
    public void Gone(NodeProcess process)
    {
        _processes.Remove(process);
        foreach (var ledger in _ledgers.Values)
        {
            ledger.Forget(process.Index);
        }
    }

    private void Found(NodeProcess process, in StoreChange row)
    {
        foreach (var invariant in _invariants)
        {
            invariant.Stored(process, row, isNew: true);
        }

        if (process.Home.ReadEntry(row) is { } entry)
        {
            _ledgers[entry.Conversation].Note(process.Index, entry, out _);
        }
    }

    public void Fire(in ScheduledEvent scheduled)
    {
        Statuses.Forget();
        foreach (var invariant in _invariants)
        {
            invariant.Looked();
        }

        World.Scheduler.After(LookInterval, this, 0);
    }

    public void Added(NodeProcess process)
    {
        if (process.IsHonest)
        {
            _processes.Add(process);
        }

        HasAdversaries |= !process.IsHonest;
        _homes[process.Home.Device] = process;
        Intents.People.Added(process);
    }

    public void Changed(NodeProcess process, in StoreChange change, byte[]? before)
    {
        if (!process.IsHonest)
        {
            return;
        }

        foreach (var invariant in _invariants)
        {
            invariant.Stored(process, change, before is null);
        }

        if (before is not null)
        {
            foreach (var invariant in _invariants)
            {
                invariant.Replaced(process, change, before);
            }

            if (process.Home.ReadEntry(change) is { } replaced)
            {
                LedgerOf(replaced.Conversation)?.NoteBody(process.Index, replaced);
            }

            return;
        }

        if (process.Home.ReadEntry(change) is not { } entry)
        {
            return;
        }

        if (!_ledgers.TryGetValue(entry.Conversation, out var ledger))
        {
            _ledgers.Add(entry.Conversation, ledger = new ConversationLedger(entry.Conversation));
        }

        var noted = ledger.Note(process.Index, entry, out var isNew);
        if (!isNew)
        {
            return;
        }

        Intents.Applied(process, noted, change.Value!);
        Custody.Applied(process, entry);
        World.Observer?.Applied(process.Index, entry, World.Scheduler.Now.Microseconds);
        foreach (var invariant in _invariants)
        {
            invariant.Applied(process, ledger, noted);
        }
    }

    public void Booted(NodeProcess process)
    {
        foreach (var invariant in InvariantsOf(process))
        {
            invariant.Booted(process);
        }
    }

    public void Handled(NodeProcess process, int effects)
    {
        foreach (var invariant in InvariantsOf(process))
        {
            invariant.Handled(process, effects);
        }
    }

    /// <summary>A node is about to be given an input.</summary>
    public void Handling(NodeProcess process, NodeInput? input)
    {
        _frames.Acting = process;
        foreach (var invariant in InvariantsOf(process))
        {
            invariant.Handling(process, input);
        }
    }

    /// <summary>A node hands bytes to the network.</summary>
    public void OnTheWire(NodeProcess process, ReadOnlySpan<byte> bytes)
    {
        foreach (var invariant in InvariantsOf(process))
        {
            invariant.OnTheWire(process, bytes);
        }
    }

    public void Submitted(NodeProcess process, NodeCommand command)
    {
        Membership.Submitted(process, command);
        Intents.Submitted(process, command);
        foreach (var invariant in _invariants)
        {
            invariant.Submitted(process, command);
        }
    }

    public void Completed(NodeProcess process, NodeCommand command, NodeResult result)
    {
        Membership.Completed(process, command, result);
        Intents.Completed(process, command, result);
        foreach (var invariant in _invariants)
        {
            invariant.Completed(process, command, result);
        }
    }

    public void Published(NodeProcess process, ConversationId conversation, EventCursor upTo)
    {
        foreach (var invariant in InvariantsOf(process))
        {
            invariant.Published(process, conversation, upTo);
        }
    }

    public void Republished(NodeProcess process, ConversationId conversation) => _events.Repeat(process, conversation);

    public void Announced(NodeProcess process, NodeEvent announced)
    {
        Custody.Announced(process, announced);
        foreach (var invariant in InvariantsOf(process))
        {
            invariant.Announced(process, announced);
        }
    }

    public void Overflowed(int node, long pending)
    {
        if (World.Nodes[node].Process.IsHonest)
        {
            _bounds.Overflowed(node, pending);
        }
    }

    /// <summary>What the last minutes of a run still have to bring although every entry is everywhere, in words.</summary>
    public string? Owed() => _invariants.Length > 0 ? _messages.Owed() ?? _lists.Owed() : null;

    /// <summary>Nothing is left to be done, for good or until people act again.</summary>
    public void Quiet(bool isEnd)
    {
        Statuses.Forget();
        foreach (var invariant in _invariants)
        {
            if (isEnd || !invariant.LooksBack)
            {
                invariant.Quiet();
            }
        }
    }

    private Invariant[] InvariantsOf(NodeProcess process) => process.IsHonest ? _invariants : [];
}
