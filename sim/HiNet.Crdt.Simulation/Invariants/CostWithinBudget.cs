using System.Text;
using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Ports;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>
/// What a machine does and what it keeps in memory grow no faster than what it is given and what it holds. Steps: some for each
/// input and whatever it holds of links, channels, conversations, heads and authority entries, and some for each byte that came. Memory: some for each
/// conversation, channel, link, head and authority entry, for the newest entries, and up to a bound for what has just come. The engine
/// counts both itself.
/// </summary>
internal sealed class CostWithinBudget(InvariantChecker checker) : Invariant(checker)
{
    private const long StepsAtAll = 10_000;
    private const long StepsPerInput = 8;
    private const long StepsPerHolding = 3;
    private const long BytesPerStep = 2;

    /// <summary>Authority entries are folded into a state anew for each that comes, and at each start.</summary>
    private const long StepsPerAuthorityPair = 4;

    private const long BytesAtAll = 128 * 1024;
    private const long BytesPerLink = 8 * 1024;
    private const long BytesPerChannel = 2 * 1024;
    private const long BytesPerConversation = 16 * 1024;
    private const long BytesPerHead = 512;
    private const long BytesPerEntry = 512;

    /// <summary>Runs that are being checked, and the newest entries, are kept with their bodies, which can be large.</summary>
    private const long BytesUnderWayPerLink = 1024 * 1024;
    private const long NewestBytesPerConversation = 4 * 1024 * 1024;

    /// <summary>A set of authority entries has a bit for each of them and a state with each member: it grows with their square.</summary>
    private const long BytesPerAuthorityPair = 256;

    private readonly SortedDictionary<int, Life> _lives = [];

    /// <summary>Bytes of entries that a node's disk was given; never decreases.</summary>
    private readonly SortedDictionary<int, long> _stored = [];

    public override string Id => "cost-within-budget";

    /// <summary>The greatest share of its budget that a machine took in steps, in percent.</summary>
    public long StepsShare { get; private set; }

    /// <summary>The greatest share of its budget that a machine took in memory, in percent.</summary>
    public long BytesShare { get; private set; }

    public override void Booted(NodeProcess process) => _lives[process.Index] = new Life();

    public override void Handling(NodeProcess process, NodeInput? input)
    {
        if (!_lives.TryGetValue(process.Index, out var life))
        {
            _lives.Add(process.Index, life = new Life());
        }

        life.Inputs++;
        if (input is NodeInput.BytesReceived received)
        {
            life.Bytes += received.Bytes.Length;
        }
        else if (input is NodeInput.Commanded { Operation: NodeCommand.SendText { Text: var sent } })
        {
            life.Commanded += Encoding.UTF8.GetByteCount(sent);
        }
        else if (input is NodeInput.Commanded { Operation: NodeCommand.Edit { Text: var edited } })
        {
            life.Commanded += Encoding.UTF8.GetByteCount(edited);
        }
    }

    public override void Stored(NodeProcess process, in StoreChange change, bool isNew)
    {
        if (change is { Family: ColumnFamily.Entries, Value: { } value })
        {
            _stored[process.Index] = _stored.GetValueOrDefault(process.Index) + value.Length;
        }
    }

    public override void Looked()
    {
        foreach (var process in Checker.Processes)
        {
            if (process is { IsUp: true, Home: EngineHome { Core: NodeCore core } } && _lives.TryGetValue(process.Index, out var life))
            {
                Look(process, core, life);
            }
        }
    }

    private void Look(NodeProcess process, NodeCore core, Life life)
    {
        var input = core.CostInput;
        life.Hold(input.Conversations + input.Links + input.Channels + input.Heads + input.Authority);
        var steps = StepsAtAll + (life.Inputs * StepsPerInput) + (life.Holding * StepsPerHolding) + (life.Bytes / BytesPerStep)
            + (input.Authority * input.Authority * StepsPerAuthorityPair);
        StepsShare = Math.Max(StepsShare, core.Cost.Steps * 100 / steps);
        if (core.Cost.Steps > steps)
        {
            Fail($"node {process.Index} did {core.Cost.Steps} steps for {life.Inputs} inputs with {life.Bytes} bytes, with {input}: more than {steps}; {string.Join(", ", Enum.GetValues<CostKind>().Select(kind => $"{kind} {core.Cost[kind]}"))}");
        }

        var bytes = BytesAtAll + (input.Links * BytesPerLink) + (input.Channels * BytesPerChannel) + (input.Conversations * BytesPerConversation)
            + (input.Heads * BytesPerHead) + (Math.Min(input.Entries, (long)Limits.RecentEntries * input.Conversations) * BytesPerEntry)
            + (input.Authority * input.Authority * BytesPerAuthorityPair) + (core.CausalBufferBytes * 2)
            + Math.Min(2 * (life.Bytes + life.Commanded + _stored.GetValueOrDefault(process.Index)), (input.Links * BytesUnderWayPerLink) + (input.Conversations * NewestBytesPerConversation) + Limits.PartialFrameBytes);
        var kept = core.KeptBytes;
        BytesShare = Math.Max(BytesShare, kept * 100 / bytes);
        if (kept > bytes)
        {
            Fail($"node {process.Index} keeps {kept} bytes in memory, with {input}: more than {bytes}");
        }
    }

    /// <summary>What one life of a node was given.</summary>
    private sealed class Life
    {
        private long _heldAtLook;
        private long _inputsAtLook;

        public long Inputs { get; set; }

        public long Bytes { get; set; }

        /// <summary>Bytes of texts that its own application handed over: until they are on the disk they are kept, and nothing else says so.</summary>
        public long Commanded { get; set; }

        /// <summary>The sum over all inputs of what was held then; between two looks, the greater of what was held at both.</summary>
        public long Holding { get; private set; }

        /// <summary>So many links, channels, conversations, heads and authority entries are held now.</summary>
        public void Hold(long held)
        {
            Holding += (Inputs - _inputsAtLook) * Math.Max(held, _heldAtLook);
            _heldAtLook = held;
            _inputsAtLook = Inputs;
        }
    }
}
