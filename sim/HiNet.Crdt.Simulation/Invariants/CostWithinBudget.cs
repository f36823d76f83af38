using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>
/// What a machine does and what it keeps in memory grow no faster than what it is given and what it holds. Steps: some for each
/// input and whatever it holds links, channels and conversations of, and some for each byte that came. Memory: some for each
/// conversation, channel, link, head and authority entry, and for the newest entries. The engine counts both itself.
/// </summary>
internal sealed class CostWithinBudget(InvariantChecker checker) : Invariant(checker)
{
    private const long StepsAtAll = 10_000;
    private const long StepsPerInput = 8;
    private const long StepsPerHolding = 3;
    private const long BytesPerStep = 2;

    private const long BytesAtAll = 64 * 1024;
    private const long BytesPerLink = 8 * 1024;
    private const long BytesPerChannel = 2 * 1024;
    private const long BytesPerConversation = 16 * 1024;
    private const long BytesPerHead = 512;
    private const long BytesPerEntry = 512;

    /// <summary>A set of authority entries has a bit for each of them and a state with each member: it grows with their square.</summary>
    private const long BytesPerAuthorityPair = 256;

    private readonly SortedDictionary<int, Life> _lives = [];

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
        life.Holding += life.Held;
        if (input is NodeInput.BytesReceived received)
        {
            life.Bytes += received.Bytes.Length;
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
        life.Held = input.Conversations + input.Links + input.Channels;
        var steps = StepsAtAll + (life.Inputs * StepsPerInput) + (life.Holding * StepsPerHolding) + (life.Bytes / BytesPerStep);
        StepsShare = Math.Max(StepsShare, core.Cost.Steps * 100 / steps);
        if (core.Cost.Steps > steps)
        {
            Fail($"node {process.Index} did {core.Cost.Steps} steps for {life.Inputs} inputs with {life.Bytes} bytes, with {input}: more than {steps}");
        }

        var bytes = BytesAtAll + (input.Links * BytesPerLink) + (input.Channels * BytesPerChannel) + (input.Conversations * BytesPerConversation)
            + (input.Heads * BytesPerHead) + (Math.Min(input.Entries, (long)Limits.RecentEntries * input.Conversations) * BytesPerEntry)
            + (input.Authority * input.Authority * BytesPerAuthorityPair) + (core.CausalBufferBytes * 2);
        BytesShare = Math.Max(BytesShare, core.KeptBytes * 100 / bytes);
        if (core.KeptBytes > bytes)
        {
            Fail($"node {process.Index} keeps {core.KeptBytes} bytes in memory, with {input}: more than {bytes}");
        }
    }

    /// <summary>What one life of a node was given.</summary>
    private sealed class Life
    {
        public long Inputs { get; set; }

        public long Bytes { get; set; }

        /// <summary>Links, channels and conversations at the last look.</summary>
        public long Held { get; set; }

        /// <summary>The sum of <see cref="Held"/> over all inputs.</summary>
        public long Holding { get; set; }
    }
}
