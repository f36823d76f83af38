namespace HiNet.Crdt.Core.Log;

/// <summary>What successors need to know of an applied entry.</summary>
/// <param name="Id">Which.</param>
/// <param name="Device">Who wrote it.</param>
/// <param name="Seq">Its place on that device's chain.</param>
/// <param name="Hlc">Its timestamp.</param>
/// <param name="Depth">Longest path from a genesis.</param>
/// <param name="Arrival">Its place of arrival here.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Authority">The authority hash in its header.</param>
public sealed record EntryInfo(
    EntryId Id,
    DeviceId Device,
    ulong Seq,
    HybridTimestamp Hlc,
    ulong Depth,
    ulong Arrival,
    uint Kind,
    Bytes32 Authority);
