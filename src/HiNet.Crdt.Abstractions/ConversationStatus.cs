namespace HiNet.Crdt;

/// <summary>What a replica holds. Two replicas with equal <see cref="Frontier"/> have equal <see cref="StateHash"/>.</summary>
/// <param name="Entries">How many entries are applied.</param>
/// <param name="Frontier">Newest entries of each device, by device; more than one for a device that forked.</param>
/// <param name="StateHash">BLAKE2b-256 over everything that members must agree on.</param>
/// <param name="Parked">How many entries wait for their time.</param>
/// <param name="Missing">How many predecessors were known to be missing, and asked for, when the replica was last written.</param>
public sealed record ConversationStatus(
    long Entries,
    IReadOnlyList<FrontierHead> Frontier,
    Bytes32 StateHash,
    int Parked,
    int Missing);
