using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Kernel;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>What every reader must see, computed once for all invariants that look at one moment, and who is looked at.</summary>
internal sealed class Expectations(InvariantChecker checker)
{
    /// <summary>Stands for all nodes that hold everything: they must see the same.</summary>
    private const int Everyone = -1;

    private readonly SortedDictionary<(ConversationId Conversation, int Node), (long Held, long Version, ExpectedConversation Expected)> _known = [];

    public ExpectedConversation Of(ConversationLedger ledger, int node)
    {
        var held = ledger.Held(node);
        var key = (ledger.Id, held == ledger.Entries.Count ? Everyone : node);
        if (!_known.TryGetValue(key, out var known) || known.Held != held || known.Version != checker.Intents.Version)
        {
            known = (held, checker.Intents.Version, ExpectedConversation.Of(checker, ledger, node));
            _known[key] = known;
        }

        return known.Expected;
    }

    /// <summary>The node whose person is asked about a conversation while the run goes on; null when the one who was drawn holds nothing of it.</summary>
    public NodeProcess? Reader(ConversationLedger ledger)
    {
        if (checker.Processes.Count == 0)
        {
            return null;
        }

        var now = (ulong)checker.World.Scheduler.Now.Microseconds;
        var process = checker.Processes[(int)checker.World.Random.Below(DrawStream.Looks, ledger.Id.Value.Prefix, now, checker.Processes.Count)];
        return Shows(process, ledger) ? process : null;
    }

    /// <summary>Whether someone must be shown all of a conversation once nothing is under way any more.</summary>
    public bool IsEnd(NodeProcess process, ConversationLedger ledger) =>
        process.IsUp && checker.Custody.MustHold(process, ledger.Id) && HandedKeys.AreComplete(checker, process, ledger)
        && !ledger.Unsaid.Any(entry => entry.IsUnsaidTo(process.Index))
        && WithheldKeys.AreComplete(checker, process, ledger)
        && HoldsKeysOfAdversaries(process, ledger);

    /// <summary>Everyone who holds something of a conversation.</summary>
    public IEnumerable<NodeProcess> Readers(ConversationLedger ledger) =>
        checker.Processes.Where(process => Shows(process, ledger));

    // An adversary may write under a secret that it has handed to nobody, or lost with a life of its own.
    private bool HoldsKeysOfAdversaries(NodeProcess process, ConversationLedger ledger) =>
        !checker.HasAdversaries
        || process.Home is not EngineHome home
        || ledger.Entries
            .Where(entry => entry.Entry.Epoch is not null && !IsByHonest(entry))
            .Select(entry => entry.Entry.Epoch!.Value)
            .Distinct()
            .All(epoch => checker.Intents.Withheld.Contains(epoch) || (ledger.Find(epoch) is { } made && IsByHonest(made)) || HomeLog.HoldsEpoch(home, ledger.Id, epoch));

    private bool IsByHonest(LedgerEntry entry) => checker.HomeOf(entry.Entry.Device) is { IsHonest: true };

    // A home that was put back, or runs twice, does not know what its person has been shown.
    private bool Shows(NodeProcess process, ConversationLedger ledger) =>
        process.Home is EngineHome && checker.IsReliable(process) && ledger.Held(process.Index) > 0;
}
