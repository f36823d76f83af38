namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>How a text was stored in the DHT.</summary>
/// <param name="Target">Where, 64 hex digits.</param>
/// <param name="Writer">The key that signed it; of this device and target alone.</param>
/// <param name="Sequence">Its number.</param>
/// <param name="Expires">Until when it counts.</param>
/// <param name="Holders">Other nodes that have it now.</param>
/// <param name="HeldHere">True when this node is among the nearest and keeps it too.</param>
/// <param name="Refused">Nodes that would not take it.</param>
/// <param name="Refusal">Why, by the first of them, in kebab case; null when none refused.</param>
/// <param name="Hops">Queries one after the other until the nearest node had answered.</param>
/// <param name="Rpcs">Queries in all.</param>
/// <param name="Milliseconds">What it took.</param>
public sealed record DhtPutInfo(
    string Target,
    string Writer,
    ulong Sequence,
    DateTimeOffset Expires,
    int Holders,
    bool HeldHere,
    int Refused,
    string? Refusal,
    int Hops,
    int Rpcs,
    double Milliseconds);
