using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>
/// Whether someone has the secrets of epochs that have no box for them. They may ask for one only when they write again, and those who hold it
/// hand it over only when they write after that (specs/06-encryption.md, "Epochs"): then it must have come.
/// </summary>
internal static class WithheldKeys
{
    public static bool AreComplete(InvariantChecker checker, NodeProcess reader, ConversationLedger ledger) =>
        checker.Intents.Withheld.Count == 0
        || reader.Home is not EngineHome home
        || checker.Intents.Withheld.All(epoch =>
            ledger.Find(epoch) is null || HomeLog.HoldsEpoch(home, ledger.Id, epoch) || IsHandedOver(checker, reader, ledger, epoch));

    /// <summary>An honest device wrote under the epoch, the reader wrote behind that, and the device wrote behind what the reader wrote.</summary>
    private static bool IsHandedOver(InvariantChecker checker, NodeProcess reader, ConversationLedger ledger, EntryId epoch)
    {
        // With room for few, secrets are handed over a few at a time, with one epoch after the other.
        if (checker.World.Bounds.SupersededEpochs < Limits.SupersededEpochs)
        {
            return false;
        }

        foreach (var written in ledger.Entries.Where(entry => entry.Entry.Epoch == epoch && checker.IsReliable(entry)))
        {
            var behind = ledger.FutureOf(written.Entry.Id);
            foreach (var asked in ledger.Entries.Where(entry => IsContentOf(entry, reader.Home.Device) && behind.Contains(entry.Entry.Id)))
            {
                var answers = ledger.FutureOf(asked.Entry.Id);
                if (ledger.Entries.Any(entry => IsContentOf(entry, written.Entry.Device) && answers.Contains(entry.Entry.Id)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsContentOf(LedgerEntry entry, DeviceId device) => entry.Entry.Device == device && entry.Entry.Epoch is not null;
}
