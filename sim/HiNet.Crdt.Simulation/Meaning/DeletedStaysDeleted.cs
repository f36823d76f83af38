using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Engine.Sessions;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>
/// Once everyone who has a message also has its author's deletion, nobody who comes later is shown its text any more, however
/// shortly: there is nowhere it could come from. What was on its way already is another matter, so only those are looked at who
/// had no link and nothing waiting at that moment, or have been started since. Adversaries keep what they like, so worlds with
/// any are left out.
/// </summary>
internal sealed class DeletedStaysDeleted(InvariantChecker checker) : Invariant(checker)
{
    private readonly SortedDictionary<EntryId, EntryId> _deletions = [];
    private readonly SortedDictionary<EntryId, List<(int Generation, bool WasAlone)>> _gone = [];
    private readonly List<(NodeProcess Process, ConversationId Conversation, EntryId Message)> _suspects = [];

    public override string Id => "deleted-stays-deleted";

    public override void Applied(NodeProcess process, ConversationLedger ledger, LedgerEntry entry)
    {
        if (!Checker.AreAllReliable)
        {
            return;
        }

        if (entry.Entry.Kind == EntryKind.Delete)
        {
            Look(ledger, entry);
        }
        else if (entry.Entry.IsMessage && _deletions.TryGetValue(entry.Entry.Id, out var deletion) && ledger.Find(deletion) is { } known && !known.HeldBy.Contains(process.Index))
        {
            if (_gone.Remove(entry.Entry.Id, out var then) && process.Index < then.Count
                && (then[process.Index].WasAlone || then[process.Index].Generation != process.Generation))
            {
                _suspects.Add((process, ledger.Id, entry.Entry.Id));
            }
        }
    }

    /// <summary>What a deletion is about is known when its author's node answers.</summary>
    public override void Completed(NodeProcess process, NodeCommand command, NodeResult result)
    {
        if (Checker.AreAllReliable && (command, result) is (NodeCommand.Delete delete, NodeResult.Written written)
            && Checker.LedgerOf(delete.Conversation) is { } ledger && ledger.Find(written.Entry) is { } entry)
        {
            Look(ledger, entry);
        }
    }

    /// <summary>What has just become durable can be looked at now.</summary>
    public override void Handled(NodeProcess process, int effects)
    {
        for (var i = _suspects.Count - 1; i >= 0; i--)
        {
            var (reader, conversation, message) = _suspects[i];
            if (reader == process)
            {
                _suspects.RemoveAt(i);
                if (Checker.World.Nodes[process.Index].Conversation(conversation).Find(message) is { Text: { } text })
                {
                    Fail($"node {process.Index} shows message {message} of {conversation} with \"{text}\", which its author had deleted wherever it was");
                }
            }
        }
    }

    private void Look(ConversationLedger ledger, LedgerEntry deletion)
    {
        foreach (var target in Checker.Intents.Of(deletion.Entry.Id) is Intent.Delete delete ? delete.Targets : [])
        {
            _deletions[target] = deletion.Entry.Id;
            if (ledger.Find(target) is { } message && Checker.Processes.All(process => !message.HeldBy.Contains(process.Index) || deletion.HeldBy.Contains(process.Index)))
            {
                _gone[target] = [.. Checker.Processes.Select(process => (process.Generation, IsAlone(process)))];
            }
        }
    }

    private static bool IsAlone(NodeProcess process) =>
        !process.IsUp
        || (process.Ends.Count == 0 && process.Verifying == 0 && !process.HasWaiting && process.Home is EngineHome { Core: ISessionHost core } && core.Replicas.All(replica => replica.BufferedCount == 0 && replica.ParkedCount == 0));
}
