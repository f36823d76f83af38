namespace HiNet.Crdt.Core.Dht;

/// <summary>A slot, where it came from, and when in the order of arrival.</summary>
internal sealed class StoredSlot(DhtSlot slot, Endpoint source, long arrival)
{
    /// <summary>The first to expire first; among equals, the first that came.</summary>
    public static IComparer<StoredSlot> ByExpiry { get; } = Comparer<StoredSlot>.Create((left, right) =>
    {
        var order = left.Slot.ExpiresUnixSeconds.CompareTo(right.Slot.ExpiresUnixSeconds);
        return order != 0 ? order : left.Arrival.CompareTo(right.Arrival);
    });

    public DhtSlot Slot { get; } = slot;

    public Endpoint Source { get; } = source;

    private long Arrival { get; } = arrival;
}
