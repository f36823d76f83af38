using HiNet.Crdt.Core.Engine.Replicas;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>
/// When nothing is under way, a node's health is what it is: peers are those at the other ends of its links, each conversation has the
/// entries and the newest ones that its disk was seen to take, as many wait as the machine keeps, and none where all is there.
/// </summary>
internal sealed class StatusMeant(InvariantChecker checker) : Invariant(checker)
{
    private readonly SortedDictionary<ConversationId, (int Entries, List<FrontierHead> Heads)> _complete = [];

    public override string Id => "status-meant";

    /// <summary>What waits at those whose disk has all that they decided.</summary>
    public override void Looked()
    {
        foreach (var process in Checker.Processes)
        {
            if (process is { IsUp: true, IsPaused: false, Busy: 0, Problem: null, Home: EngineHome { Core: ISessionHost core } })
            {
                foreach (var replica in core.Replicas)
                {
                    if (Checker.LedgerOf(replica.Id)?.Held(process.Index) > 0)
                    {
                        CompareWaiting(process, Checker.Statuses.Of(process, replica.Id), replica);
                    }
                }
            }
        }
    }

    public override void Quiet()
    {
        foreach (var process in Checker.Processes)
        {
            if (process is { IsUp: true, IsPaused: false, Busy: 0, Home: EngineHome { Core: ISessionHost core } })
            {
                Compare(process);
                foreach (var replica in core.Replicas)
                {
                    var (shown, ledger) = (Checker.Statuses.Of(process, replica.Id), Checker.LedgerOf(replica.Id));
                    Compare(process, shown, ledger, replica.Id);
                    CompareWaiting(process, shown, replica);
                    if (Checker.AreAllReliable && shown.Parked + shown.Missing > 0 && (ledger is null || ledger.Held(process.Index) == ledger.Entries.Count))
                    {
                        Fail($"node {process.Index} holds all of {replica.Id}, and shows {shown.Parked} entries that wait for their time and {shown.Missing} that are missing");
                    }
                }
            }
        }
    }

    private void Compare(NodeProcess process)
    {
        var status = Checker.World.Nodes[process.Index].GetStatus();
        if (status.Problem is not null && !process.Disk.IsFull)
        {
            Fail($"node {process.Index} shows a problem that it does not have: {status.Problem}");
        }

        var ends = process.Ends.Values.Select(end => Checker.World.Nodes[end.Remote.Host.Index].Process.Home.Node).ToHashSet();
        if (!Checker.HasAdversaries && status.Peers.FirstOrDefault(peer => !ends.Contains(peer)) is { Value.IsZero: false } peer)
        {
            Fail($"node {process.Index} shows {peer} as a peer, with whom it has no link");
        }

        if (status.Peers.Distinct().Count() != status.Peers.Count)
        {
            Fail($"node {process.Index} shows a peer twice");
        }

        var entries = Checker.Ledgers.Sum(ledger => ledger.Held(process.Index));
        if (status.Entries != entries || status.Conversations != process.Home.Reader.Conversations().Count)
        {
            Fail($"node {process.Index} shows {status.Entries} entries of {status.Conversations} conversations, and holds {entries} entries");
        }
    }

    private void Compare(NodeProcess process, ConversationStatus shown, ConversationLedger? ledger, ConversationId conversation)
    {
        var held = ledger?.Held(process.Index) ?? 0;
        if (shown.Entries != held)
        {
            Fail($"node {process.Index} shows {shown.Entries} entries of {conversation}, and holds {held}");
        }

        if (ledger is not null && !shown.Frontier.SequenceEqual(HeadsOf(process, ledger)))
        {
            Fail($"node {process.Index} shows other entries as the newest ones of {conversation} than it holds");
        }
    }

    // The number of those that are missing is written down with the next batch, and at once when nothing is missing any more.
    private void CompareWaiting(NodeProcess process, ConversationStatus shown, Replica replica)
    {
        if (shown.Parked != replica.ParkedCount || (shown.Missing > 0 && replica.MissingCount == 0))
        {
            Fail($"node {process.Index} shows {shown.Parked} entries of {replica.Id} that wait for their time and {shown.Missing} that are missing instead of {replica.ParkedCount} and {replica.MissingCount}");
        }
    }

    /// <summary>The entries that no entry of the same device stands behind, of those that a node holds.</summary>
    private List<FrontierHead> HeadsOf(NodeProcess process, ConversationLedger ledger)
    {
        var isComplete = ledger.Held(process.Index) == ledger.Entries.Count;
        if (isComplete && _complete.TryGetValue(ledger.Id, out var known) && known.Entries == ledger.Entries.Count)
        {
            return known.Heads;
        }

        var held = ledger.Entries.Where(entry => entry.HeldBy.Contains(process.Index)).Select(entry => entry.Entry).ToList();
        var followed = held.Select(entry => entry.Previous).OfType<EntryId>().ToHashSet();
        List<FrontierHead> heads =
        [
            .. held.Where(entry => !followed.Contains(entry.Id))
                .Select(entry => new FrontierHead(entry.Device, entry.Seq, entry.Id))
                .OrderBy(head => head.Device).ThenBy(head => head.Head),
        ];
        if (isComplete)
        {
            _complete[ledger.Id] = (ledger.Entries.Count, heads);
        }

        return heads;
    }
}
