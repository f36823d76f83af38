namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>What a replica holds. Equal frontiers have equal state hashes.</summary>
/// <param name="Entries">How many entries are applied.</param>
/// <param name="Frontier">By device, sorted; more than one head for a device that forked.</param>
/// <param name="StateHash">64 hex digits.</param>
/// <param name="Parked">How many entries wait for their time.</param>
/// <param name="Missing">How many predecessors are known to be missing.</param>
public sealed record ConversationStatusInfo(
    long Entries,
    IReadOnlyDictionary<string, IReadOnlyList<FrontierHeadInfo>> Frontier,
    string StateHash,
    int Parked,
    int Missing);
