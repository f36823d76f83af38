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
                && (admission is null || admission.CompareTo(entry) < 0))
            {
                admission = entry;
            }
        }

        if (admission is null)
        {
            return true;
        }

        // Written by a clock that is days ahead, it waits for its time, and so does the invitation that hands the keys over.
        if (!admission.HeldBy.Contains(reader.Index))
        {
            return false;
        }

        // With room for few, keys are handed over a few at a time, with one epoch after the other.
        if (checker.World.Bounds.SupersededEpochs < Limits.SupersededEpochs || checker.World.Bounds.InvitationEpochs < Limits.InvitationEpochs)
        {
            return false;
        }

        var before = ledger.PastOf(admission).ToHashSet();
        var after = ledger.FutureOf(admission.Entry.Id);
        var wroteAgain = ledger.Entries
            .Where(entry => after.Contains(entry.Entry.Id) && entry.Entry.Epoch is not null && checker.IsReliable(entry))
            .Select(entry => entry.Entry.Device)
            .ToHashSet();
        return ledger.Entries.All(entry =>
            entry.Entry.Epoch is null
            || entry.Entry.Device == reader.Home.Device
            || before.Contains(entry.Entry.Id)
            || after.Contains(entry.Entry.Id)
            || wroteAgain.Contains(entry.Entry.Device));
    }
}
