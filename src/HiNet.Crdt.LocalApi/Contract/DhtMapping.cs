using HiNet.Crdt.Core.Dht;

namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>From the DHT's own types to what crosses the API.</summary>
internal static class DhtMapping
{
    public static DhtStatsInfo ToInfo(this DhtStats stats) => new(
        stats.Contacts,
        stats.Depth,
        stats.Slots,
        stats.Published,
        stats.Operations,
        stats.Queries,
        stats.Pairs,
        Math.Round(stats.Timeout.TotalMilliseconds, 1),
        stats.Observed?.ToString());

    public static DhtFoundInfo ToInfo(this DhtResult.FoundSlots found, Bytes32 target) => new(
        target.ToString(),
        [.. found.Slots.Select(ToInfo)],
        found.Holders,
        found.Cost.Hops,
        found.Cost.Queries,
        Math.Round(found.Cost.Duration.TotalMilliseconds, 1));

    public static DhtPutInfo ToInfo(this DhtResult.PutSlot put, DhtSlot slot) => new(
        slot.Target.ToString(),
        slot.Writer.ToString(),
        slot.Sequence,
        Time(slot.ExpiresUnixSeconds),
        put.Holders,
        put.IsHeldHere,
        put.Refused,
        put.Refusal is { } refusal ? KebabCase.Of(refusal.ToString()) : null,
        put.Cost.Hops,
        put.Cost.Queries,
        Math.Round(put.Cost.Duration.TotalMilliseconds, 1));

    private static DhtSlotInfo ToInfo(DhtSlot slot) => new(
        slot.Writer.ToString(), slot.Sequence, Time(slot.ExpiresUnixSeconds), slot.Sealed.Length, PublicSlot.TextOf(slot));

    // Writers may claim any second; the calendar ends earlier.
    private static DateTimeOffset Time(long unixSeconds) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Min(unixSeconds, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));
}
