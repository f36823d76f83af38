using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>
/// Nothing is sent, acknowledged or published before it is durable. An entry that is durable at a peer must be durable at its
/// author: stalled disks make sure that a peer would win the race. An acknowledged entry must be on the disk when the answer
/// is given, and so must everything that is published.
/// </summary>
internal sealed class DurableBeforeSent(InvariantChecker checker) : Invariant(checker)
{
    public override string Id => "durable-before-sent";

    public override void Applied(NodeProcess process, ConversationLedger ledger, LedgerEntry entry)
    {
        var author = Checker.HomeOf(entry.Entry.Device);
        if (author is { IsHonest: true } && !Checker.WasRestored(entry.Entry.Device) && !entry.HeldBy.Contains(author.Index))
        {
            Fail($"node {process.Index} has entry {entry.Entry.Id} (seq {entry.Entry.Seq}) of node {author.Index}, on whose disk it is not");
        }
    }

    public override void Completed(NodeProcess process, NodeCommand command, NodeResult result)
    {
        if (result is NodeResult.Written { State: not MessageState.Queued } written && !Checker.IsHeld(process, written.Entry))
        {
            Fail($"node {process.Index} acknowledged entry {written.Entry} ({command.GetType().Name}), which is not on its disk");
        }
    }

    public override void Published(NodeProcess process, ConversationId conversation, EventCursor upTo)
    {
        var last = process.Home.Reader.Has(conversation) ? process.Home.Reader.LastCursor(conversation) : EventCursor.Start;
        if (upTo.CompareTo(last) > 0)
        {
            Fail($"node {process.Index} published up to {upTo}, but its disk ends at {last}");
        }
    }
}
