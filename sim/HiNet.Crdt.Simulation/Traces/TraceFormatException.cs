namespace HiNet.Crdt.Simulation.Traces;

/// <summary>A trace cannot be read. The message names the line or the id, and says what is allowed.</summary>
public sealed class TraceFormatException(string message) : HiNetException(message);
