namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>How often the nodes of a run refused something for one reason.</summary>
/// <param name="Reason">The reason's name.</param>
/// <param name="Right">As often the model agreed.</param>
/// <param name="Wrong">As often it did not: each is a failure of the run.</param>
public sealed record JudgedRefusals(string Reason, int Right, int Wrong);
