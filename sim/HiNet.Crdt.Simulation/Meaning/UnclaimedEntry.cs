using HiNet.Crdt.Simulation.Nodes;

namespace HiNet.Crdt.Simulation.Meaning;

/// <summary>An entry that an honest device made durable on its own disk before, or without, an answer to the command behind it.</summary>
/// <param name="Process">Whose device it is.</param>
/// <param name="Generation">The life of the node in which it became durable.</param>
/// <param name="Entry">The entry.</param>
internal sealed record UnclaimedEntry(NodeProcess Process, int Generation, AppliedEntry Entry);
