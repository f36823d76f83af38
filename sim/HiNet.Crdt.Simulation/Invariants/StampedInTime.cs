using HiNet.Crdt.Core.Engine;
using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Invariants;

/// <summary>
/// An honest node stamps no entry further above its own clock than others take, whatever it is told about the time, unless what the entry
/// follows stands there already: or those who lie together could make it mute. A clock that was never set is the exception.
/// </summary>
internal sealed class StampedInTime(InvariantChecker checker) : Invariant(checker)
{
    // A machine carries its clock forward between readings, which drift apart by a little.
    private const long Slack = 1_000;

    /// <summary>By node, the most that its clock has been ahead of the world's time so far: clocks are stepped back.</summary>
    private readonly SortedDictionary<int, long> _ahead = [];

    public override string Id => "stamped-in-time";

    private long Now => (long)Checker.World.Now.TotalMilliseconds;

    public override void Applied(NodeProcess process, ConversationLedger ledger, LedgerEntry entry)
    {
        if (entry.Entry.Device != process.Home.Device || !Checker.IsReliable(process))
        {
            return;
        }

        Note(process, process.WallClock);
        var followed = entry.Predecessors.Select(before => ledger.Find(before)?.Milliseconds ?? 0).DefaultIfEmpty().Max();
        var latest = Math.Max(_ahead[process.Index] + Now + (long)Limits.FutureTolerance.TotalMilliseconds + Slack, followed + Slack);
        if (entry.Milliseconds > latest && process.WallClock >= Limits.EarliestTime)
        {
            Fail($"node {process.Index} stamped {entry.Entry.Id} {(entry.Milliseconds - latest) / 1000} seconds above its clock and all that it follows");
        }
    }

    /// <summary>What a node is told of its clock counts, also if somebody sets that right before it comes to anything.</summary>
    public override void Handling(NodeProcess process, NodeInput? input)
    {
        if (input is NodeInput.WallClockRead read)
        {
            Note(process, read.UnixMilliseconds);
        }
    }

    private void Note(NodeProcess process, long unixMilliseconds) =>
        _ahead[process.Index] = Math.Max(_ahead.GetValueOrDefault(process.Index, long.MinValue), unixMilliseconds - Now);
}
