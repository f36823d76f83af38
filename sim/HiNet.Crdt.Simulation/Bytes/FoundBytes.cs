namespace HiNet.Crdt.Simulation.Bytes;

/// <summary>Something that was looked for, and by which fields it is reached.</summary>
internal sealed record FoundBytes(ErasedBody Body, string Path);
