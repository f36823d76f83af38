namespace HiNet.Crdt.Core.Dht;

/// <summary>What an operation took.</summary>
/// <param name="Hops">Queries one after the other until the nearest node had answered.</param>
/// <param name="Queries">Queries in all, unanswered ones and those for slots included.</param>
/// <param name="Duration">From the command to the result.</param>
public readonly record struct DhtCost(int Hops, int Queries, TimeSpan Duration);
