namespace HiNet.Crdt.Core.Dht;

/// <summary>What can be asked of a node of the DHT. Closed: only the records in this file.</summary>
public abstract record DhtOperation
{
    private DhtOperation()
    {
    }

    /// <summary>Asks whoever is at an endpoint for a sign of life: <see cref="DhtResult.Pinged"/>.</summary>
    public sealed record Ping(Endpoint Endpoint) : DhtOperation;

    /// <summary>Looks for the nodes nearest to an id: <see cref="DhtResult.FoundNodes"/>.</summary>
    /// <param name="Target">The id.</param>
    /// <param name="IsDisjoint">Over paths that share no node: dearer, and hard to mislead.</param>
    public sealed record FindNode(Bytes32 Target, bool IsDisjoint = false) : DhtOperation;

    /// <summary>Looks for all slots at a target: <see cref="DhtResult.FoundSlots"/>.</summary>
    /// <param name="Target">Where.</param>
    /// <param name="IsDisjoint">Over paths that share no node.</param>
    public sealed record Get(Bytes32 Target, bool IsDisjoint = true) : DhtOperation;

    /// <summary>Stores a slot at the nodes nearest to its target, over disjoint paths: <see cref="DhtResult.PutSlot"/>.</summary>
    /// <param name="Slot">The slot, signed.</param>
    /// <param name="IsKeptUp">Put it again every hour until it expires or a newer one of the same writer is put here; the first time is what completes the command.</param>
    public sealed record Put(DhtSlot Slot, bool IsKeptUp = false) : DhtOperation;

    /// <summary>How the node is doing: <see cref="DhtResult.Statistics"/>.</summary>
    public sealed record Stats : DhtOperation;
}
