using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>Watches everything that becomes durable, is answered, published or announced, keeps the ledger and asks the invariants.</summary>
internal sealed class InvariantChecker : IEventTarget
{
    private const long LookInterval = 5_000_000;

    private readonly SortedDictionary<ConversationId, ConversationLedger> _ledgers = [];
    private readonly Dictionary<DeviceId, NodeProcess> _homes = [];
    private readonly List<NodeProcess> _processes = [];
    private readonly Invariant[] _invariants;
    private readonly EventsOnceInOrder _events;
    private readonly WithinBounds _bounds;

    internal InvariantChecker(SimulatedWorld world)
    {
        World = world;
        Membership = new MembershipModel(_ledgers.GetValueOrDefault);
        Refusals = new RefusalJustified(this);
        _events = new EventsOnceInOrder(this);
        _bounds = new WithinBounds(this);
        _invariants = world.Options.CheckInvariants
            ?
            [
                new AppliedVerifies(this), new NoSelfFork(this), new DurableBeforeSent(this), new DurablePrefix(this), new CausalOrder(this),
                new MembersOnly(this), new EqualFrontierEqualHash(this), _events, new HonestPeersTrusted(this), _bounds, new ReferenceModel(this),
                new EquivocationReported(this), new FutureWaits(this), new ChainIntact(this), new ContentModel(this), Refusals,
            ]
            : [];
        if (_invariants.Length > 0)
        {
            world.Scheduler.After(LookInterval, this, 0);
        }
    }

    public SimulatedWorld World { get; }

    public int TraceId => -2;

    public MembershipModel Membership { get; }

    /// <summary>Which refusals were right.</summary>
    public RefusalJustified Refusals { get; }

    public ConversationLedger? LedgerOf(ConversationId conversation) => _ledgers.GetValueOrDefault(conversation);

    public IEnumerable<ConversationLedger> Ledgers => _ledgers.Values;

    /// <summary>Nodes that keep to the protocol. What others say, store and show is nobody's business.</summary>
    public IReadOnlyList<NodeProcess> Processes => _processes;

    public bool HasAdversaries => _homes.Count > _processes.Count;

    public NodeProcess? HomeOf(DeviceId device) => _homes.GetValueOrDefault(device);

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

    /// <summary>The first entry that a member's node does not hold yet, in words.</summary>
    public string? Missing()
    {
        foreach (var ledger in _ledgers.Values)
        {
            foreach (var process in _processes)
            {
                var held = ledger.Held(process.Index);
                if (held < ledger.Entries.Count && process.IsUp && MustHold(process, ledger.Id) && IsOwedMore(process, ledger))
                {
                    return $"node {process.Index} had {held} of the {ledger.Entries.Count} entries of {ledger.Id}";
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Whether an entry that this node lacks has to reach it: one that an honest device wrote, or that a member holds. What an
    /// adversary said to someone who has left, and to nobody else, is lost to the others, as it would be had it never been said.
    /// </summary>
    private bool IsOwedMore(NodeProcess process, ConversationLedger ledger)
    {
        foreach (var entry in ledger.Entries)
        {
            if (!entry.HeldBy.Contains(process.Index)
                && (HomeOf(entry.Entry.Device) is { IsHonest: true }
                    || _processes.Exists(other => entry.HeldBy.Contains(other.Index) && MustHold(other, ledger.Id))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whom an adversary said it would add has to be told by it, and may wait for ever; once told, the honest ones share.</summary>
    public bool MustHold(NodeProcess process, ConversationId conversation) =>
        Membership.Must(conversation, process.Home.Self.Id) && (IsTold(process, conversation) || process.Home.Reader.Has(conversation));

    /// <summary>Whether somebody honest tells this person's node of a conversation.</summary>
    public bool IsTold(NodeProcess process, ConversationId conversation) =>
        !HasAdversaries || Membership.HistoryOf(conversation)?.IsHonestlyInvited(process.Home.Self.Id) == true;

    public void Fire(in ScheduledEvent scheduled)
    {
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

        _homes[process.Home.Device] = process;
    }

    public void Changed(NodeProcess process, in StoreChange change, byte[]? before)
    {
        if (!process.IsHonest)
        {
            return;
        }

        if (before is not null)
        {
            foreach (var invariant in _invariants)
            {
                invariant.Replaced(process, change, before);
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

    public void Submitted(NodeProcess process, NodeCommand command)
    {
        Membership.Submitted(process, command);
        Refusals.Submitted(process, command);
    }

    public void Completed(NodeProcess process, NodeCommand command, NodeResult result)
    {
        Membership.Completed(process, command, result);
        Refusals.Answered(process, command, result);
        foreach (var invariant in InvariantsOf(process))
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

    public void Quiet()
    {
        foreach (var invariant in _invariants)
        {
            invariant.Quiet();
        }
    }

    private Invariant[] InvariantsOf(NodeProcess process) => process.IsHonest ? _invariants : [];
}
