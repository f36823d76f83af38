using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Core.Log;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>
/// Whether someone who was added to a group can have been handed every key. Those who had not heard of it wrote under secrets that only
/// the next epoch of somebody who holds them hands over, and nobody makes one before they write again (specs/06-encryption.md, "Epochs").
/// </summary>
internal static class HandedKeys
{
    public static bool AreComplete(InvariantChecker checker, NodeProcess reader, ConversationLedger ledger)
    {
        LedgerEntry? admission = null;
        foreach (var entry in ledger.Entries)
        {
            if (entry.Entry.Kind == EntryKind.SetRole
                && checker.Intents.Of(entry.Entry.Id) is Intent.Grant { BringsDevices: true } grant && grant.Person == reader.Home.Self.Id
                && (admission is null || ExpectedMessage.Compare(admission, entry) < 0))
            {
                admission = entry;
            }
        }

        if (admission is null)
        {
            return true;
        }

        // With room for few, keys are handed over a few at a time, with one epoch after the other.
        if (checker.World.Bounds.SupersededEpochs < Limits.SupersededEpochs || checker.World.Bounds.InvitationEpochs < Limits.InvitationEpochs)
        {
            return false;
        }

        var before = PastOf(ledger, admission);
        var after = FutureOf(ledger, admission);
        var wroteAgain = ledger.Entries
            .Where(entry => after.Contains(entry.Entry.Id) && entry.Entry.Epoch is not null && IsReliable(checker, entry))
            .Select(entry => entry.Entry.Device)
            .ToHashSet();
        return ledger.Entries.All(entry =>
            entry.Entry.Epoch is null
            || entry.Entry.Device == reader.Home.Device
            || before.Contains(entry.Entry.Id)
            || after.Contains(entry.Entry.Id)
            || wroteAgain.Contains(entry.Entry.Device));
    }

    private static bool IsReliable(InvariantChecker checker, LedgerEntry entry) =>
        checker.HomeOf(entry.Entry.Device) is { } author && checker.IsReliable(author);

    private static HashSet<EntryId> PastOf(ConversationLedger ledger, LedgerEntry of)
    {
        var past = new HashSet<EntryId>();
        var pending = new Stack<LedgerEntry>([of]);
        while (pending.TryPop(out var entry))
        {
            if (past.Add(entry.Entry.Id))
            {
                foreach (var predecessor in Predecessors(entry).Select(ledger.Find).OfType<LedgerEntry>())
                {
                    pending.Push(predecessor);
                }
            }
        }

        return past;
    }

    // Entries stand in an order in which nothing comes before what it names.
    private static HashSet<EntryId> FutureOf(ConversationLedger ledger, LedgerEntry of)
    {
        HashSet<EntryId> future = [of.Entry.Id];
        foreach (var entry in ledger.Entries)
        {
            if (Predecessors(entry).Any(future.Contains))
            {
                future.Add(entry.Entry.Id);
            }
        }

        return future;
    }

    private static IEnumerable<EntryId> Predecessors(LedgerEntry entry) =>
        entry.Entry.Previous is { } previous ? entry.Entry.Parents.Prepend(previous) : entry.Entry.Parents;
}
