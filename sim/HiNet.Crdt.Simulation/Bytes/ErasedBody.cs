namespace HiNet.Crdt.Simulation.Bytes;

/// <summary>A sealed body that a node must not have any more, since a virtual time in microseconds.</summary>
internal sealed record ErasedBody(EntryId Entry, byte[] Sealed, long Since);
