namespace HiNet.Crdt.Simulation.Scenarios;

/// <summary>A scenario cannot be read. The message names the line and the field and says what is allowed.</summary>
public sealed class ScenarioException(string message) : HiNetException(message);
