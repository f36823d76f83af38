using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Adversaries;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>
/// No entry is applied, and so none passed on, whose time lies more than the tolerance above every clock in the world. A node
/// corrects its own clock by what the others' show, and so may apply what only they are ready for. What adversaries say about
/// the time is no clock. Two who lie together can outvote someone who is linked with nobody else, and nothing on such a node could tell
/// that they do: in worlds with two clock poisoners this is not checked.
/// </summary>
internal sealed class FutureWaits(InvariantChecker checker) : Invariant(checker)
{
    // A machine carries its clock forward between readings, which drift apart by a little.
    private const long Slack = 1_000;

    // The highest so far: clocks are stepped back between the moment at which an entry was judged and the one at which it is durable.
    private long _latest = long.MinValue;

    public override string Id => "future-waits";

    public override void Applied(NodeProcess process, ConversationLedger ledger, LedgerEntry entry)
    {
        ReadClocks();
        var time = (long)(entry.Entry.Time >> 16);
        if (Checker.HomeOf(entry.Entry.Device) is { IsHonest: false } && time > _latest + (long)Limits.FutureTolerance.TotalMilliseconds + Slack
            && Checker.World.Nodes.Count(node => node.Process.Home is AdversaryHome { Attacker: ClockPoisoner }) < 2)
        {
            Fail($"node {process.Index} applied {entry.Entry.Id}, whose time lies {(time - _latest) / 1000} seconds above every clock");
        }
    }

    public override void Looked() => ReadClocks();

    private void ReadClocks()
    {
        foreach (var node in Checker.World.Nodes)
        {
            _latest = Math.Max(_latest, node.Process.WallClock);
        }
    }
}
