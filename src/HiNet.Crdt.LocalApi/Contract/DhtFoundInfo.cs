namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>What a lookup in the DHT found.</summary>
/// <param name="Target">Where was looked, 64 hex digits.</param>
/// <param name="Slots">Writers ascending, signatures checked, of each writer the newest.</param>
/// <param name="Holders">How many nodes had any.</param>
/// <param name="Hops">Queries one after the other until the nearest node had answered.</param>
/// <param name="Rpcs">Queries in all.</param>
/// <param name="Milliseconds">What it took.</param>
public sealed record DhtFoundInfo(
    string Target, IReadOnlyList<DhtSlotInfo> Slots, int Holders, int Hops, int Rpcs, double Milliseconds);
