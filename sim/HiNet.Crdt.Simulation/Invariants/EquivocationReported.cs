using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>An equivocation that has reached a node is reported there in the end: its subscribers see who wrote two entries in one place.</summary>
internal sealed class EquivocationReported(InvariantChecker checker) : Invariant(checker)
{
    private const int PageSize = 1_000;

    private readonly Dictionary<(ConversationId Conversation, DeviceId Device, ulong Seq), List<LedgerEntry>> _written = [];
    private readonly List<(ConversationId Conversation, DeviceId Device, List<LedgerEntry> Entries)> _forks = [];

    public override string Id => "equivocation-reported";

    public override void Applied(NodeProcess process, ConversationLedger ledger, LedgerEntry entry)
    {
        var applied = entry.Entry;
        var place = (applied.Conversation, applied.Device, applied.Seq);
        if (!_written.TryGetValue(place, out var entries))
        {
            _written.Add(place, entries = []);
        }

        if (!entries.Contains(entry))
        {
            entries.Add(entry);
            if (entries.Count == 2)
            {
                _forks.Add((applied.Conversation, applied.Device, entries));
            }
        }
    }

    public override void Quiet()
    {
        foreach (var (conversation, device, entries) in _forks)
        {
            foreach (var process in Checker.Processes)
            {
                var held = entries.Count(entry => entry.HeldBy.Contains(process.Index));
                if (held > 1 && process.IsUp && process.Home.Device != device && Checker.Custody.MustHold(process, conversation) && !IsReported(process, conversation, device))
                {
                    Fail($"node {process.Index} has two entries of device {device} in one place of {conversation}, and nobody was told");
                }
            }
        }
    }

    private static bool IsReported(NodeProcess process, ConversationId conversation, DeviceId device)
    {
        var cursor = EventCursor.Start;
        while (process.Home.Reader.Events(conversation, cursor, PageSize) is { Count: > 0 } events)
        {
            if (events.Any(happened => happened is EquivocationDetected detected && detected.Device == device))
            {
                return true;
            }

            cursor = events[^1].Cursor;
        }

        return false;
    }
}
