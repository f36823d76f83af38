namespace HiNet.Crdt.Core.Dht;

/// <summary>What came of a <see cref="DhtOperation"/>. Closed: only the records in this file.</summary>
public abstract record DhtResult
{
    private DhtResult()
    {
    }

    /// <summary>Who is there, and how long it took; null when nobody answered.</summary>
    public sealed record Pinged(DhtContact? Contact, TimeSpan RoundTrip) : DhtResult;

    /// <summary>The nodes nearest to the target that answered, nearest first, at most k.</summary>
    public sealed record FoundNodes(IReadOnlyList<DhtContact> Nearest, DhtCost Cost) : DhtResult;

    /// <summary>The slots at the target, writers ascending, signatures checked, of each writer the one with the highest sequence number.</summary>
    /// <param name="Slots">At most 256.</param>
    /// <param name="Holders">How many nodes had any.</param>
    /// <param name="Cost">What it took.</param>
    public sealed record FoundSlots(IReadOnlyList<DhtSlot> Slots, int Holders, DhtCost Cost) : DhtResult;

    /// <summary>How a slot was put.</summary>
    /// <param name="Holders">Nodes that have it now, this one not counted.</param>
    /// <param name="Refused">Nodes that would not take it.</param>
    /// <param name="Refusal">Why, by the first of them.</param>
    /// <param name="IsHeldHere">This node is among the nearest and keeps it too.</param>
    /// <param name="Cost">What it took.</param>
    public sealed record PutSlot(int Holders, int Refused, PutOutcome? Refusal, bool IsHeldHere, DhtCost Cost) : DhtResult;

    /// <summary>How the node is doing.</summary>
    public sealed record Statistics(DhtStats Stats) : DhtResult;

    /// <summary>As many operations are under way as there may be; ask again later.</summary>
    public sealed record TooMany : DhtResult;
}
