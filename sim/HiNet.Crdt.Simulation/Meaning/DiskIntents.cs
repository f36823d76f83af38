using HiNet.Crdt.Simulation.Invariants;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>
/// What entries of adversaries mean that nobody has told: their engines' receipts, and what was asked of them before a crash. What
/// honest nodes' disks say is believed here, so a bug that changes such an entry on all of them goes unseen.
/// </summary>
internal static class DiskIntents
{
    public static void Learn(InvariantChecker checker, IntentLog intents)
    {
        if (checker.AreAllReliable)
        {
            return;
        }

        var unknown = new HashSet<EntryId>(checker.Ledgers
            .SelectMany(ledger => ledger.Entries)
            .Where(entry => intents.Of(entry.Entry.Id) is null && checker.HomeOf(entry.Entry.Device) is { } author && !checker.IsReliable(author))
            .Select(entry => entry.Entry.Id));
        foreach (var home in checker.Processes.Select(process => process.Home).OfType<EngineHome>().TakeWhile(_ => unknown.Count > 0))
        {
            foreach (var (entry, row) in home.ReadEntries())
            {
                if (unknown.Contains(entry.Id) && home.OpenBody(row) is { } plaintext)
                {
                    unknown.Remove(entry.Id);
                    if (BodyIntent.Of(entry.Kind, plaintext) is { } intent)
                    {
                        intents.Told(entry.Id, intent);
                    }
                }
            }
        }
    }
}
