namespace HiNet.Crdt.Simulation.Bytes;

/// <summary>A byte string that is looked for; <paramref name="Number"/> says whose or which it is, to whoever added it.</summary>
internal sealed record Pattern(byte[] Bytes, PatternKind Kind, int Number);
