namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>A slot of the DHT.</summary>
/// <param name="Writer">The key that it is signed by, 64 hex digits.</param>
/// <param name="Sequence">The higher one of a writer counts.</param>
/// <param name="Expires">From when on it counts for nothing.</param>
/// <param name="Size">Bytes of its content.</param>
/// <param name="Text">The content where it is readable text; null for sealed ones.</param>
public sealed record DhtSlotInfo(string Writer, ulong Sequence, DateTimeOffset Expires, int Size, string? Text);
