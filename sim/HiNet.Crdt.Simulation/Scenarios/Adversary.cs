using HiNet.Crdt.Simulation.Adversaries;

namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>A node that does not keep to the protocol, and how it breaks it.</summary>
/// <param name="Node">From 0.</param>
/// <param name="Kind">What it does.</param>
public sealed record Adversary(int Node, AdversaryKind Kind);
