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

        foreach (var ledger in checker.Ledgers)
        {
            var unknown = new HashSet<EntryId>(ledger.Entries
                .Where(entry => intents.Of(entry.Entry.Id) is null && checker.HomeOf(entry.Entry.Device) is { } author && !checker.IsReliable(author))
                .Select(entry => entry.Entry.Id));
            foreach (var process in checker.Processes)
            {
                if (unknown.Count > 0 && process.Home is EngineHome home && HomeLog.TryOpen(home, ledger.Id) is { } log)
                {
                    Learn(log, unknown, intents);
                }
            }
        }
    }

    private static void Learn(HomeLog log, HashSet<EntryId> unknown, IntentLog intents)
    {
        foreach (var entry in log.Entries)
        {
            if (unknown.Contains(entry.Id) && log.Open(entry) is { } plaintext)
            {
                unknown.Remove(entry.Id);
                if (BodyIntent.Of(entry.Header.Kind, plaintext) is { } intent)
                {
                    intents.Told(entry.Id, intent);
                }
            }
        }
    }
}
