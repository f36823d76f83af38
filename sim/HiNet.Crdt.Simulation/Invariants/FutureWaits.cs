using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>
/// No entry is applied, and so none passed on, whose time lies more than the tolerance above every clock in the world. A node
/// corrects its own clock by what the others' show, and so may apply what only they are ready for. What adversaries say about
/// the time is no clock; where they are most of those whom a node is linked with, that node is at their mercy, and this does not hold.
/// </summary>
internal sealed class FutureWaits(InvariantChecker checker) : Invariant(checker)
{
    // A machine carries its clock forward between readings, which drift apart by a little.
    private const long Slack = 1_000;

    // The most that any clock has been ahead so far. Clocks are stepped back, and what they showed before is carried forward elsewhere
    // as long as a link lasts.
    private long _ahead = long.MinValue;

    public override string Id => "future-waits";

    private long Now => (long)Checker.World.Now.TotalMilliseconds;

    public override void Applied(NodeProcess process, ConversationLedger ledger, LedgerEntry entry)
    {
        ReadClocks();
        var latest = _ahead + Now;
        var time = entry.Milliseconds;
        if (Checker.HomeOf(entry.Entry.Device) is { IsHonest: false } && time > latest + (long)Limits.FutureTolerance.TotalMilliseconds + Slack)
        {
            Fail($"node {process.Index} applied {entry.Entry.Id}, whose time lies {(time - latest) / 1000} seconds above every clock");
        }
    }

    public override void Looked() => ReadClocks();

    private void ReadClocks()
    {
        foreach (var node in Checker.World.Nodes)
        {
            _ahead = Math.Max(_ahead, node.Process.WallClock - Now);
        }
    }
}
