namespace HiNet.Crdt.Simulation.Storage;

/// <summary>What a disk held at one moment, by column family. Never changed.</summary>
internal sealed record DiskImage(IReadOnlyList<SortedRecords> Families);
