using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>An equivocation that has reached a node is reported there in the end: its subscribers see who wrote two entries in one place.</summary>
internal sealed class EquivocationReported(InvariantChecker checker) : Invariant(checker)
{
    private const int PageSize = 1_000;

    private readonly SortedSet<(ConversationId Conversation, DeviceId Device)> _forks = [];
    private readonly Dictionary<(ConversationId Conversation, DeviceId Device, ulong Seq), EntryId> _written = [];

    public override string Id => "equivocation-reported";

    public override void Applied(NodeProcess process, ConversationLedger ledger, LedgerEntry entry)
    {
        var applied = entry.Entry;
        var place = (applied.Conversation, applied.Device, applied.Seq);
        if (!_written.TryAdd(place, applied.Id) && _written[place] != applied.Id)
        {
            _forks.Add((applied.Conversation, applied.Device));
        }
    }

    public override void Quiet()
    {
        foreach (var (conversation, device) in _forks)
        {
            foreach (var process in Checker.Processes)
            {
                if (process.IsUp && Checker.MustHold(process, conversation) && !IsReported(process, conversation, device))
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
