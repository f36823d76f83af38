namespace HiNet.Crdt.Simulation.Failures;

/// <summary>A failure file cannot be used: it is of another format, damaged, or not one. The message names line and field, and what is allowed.</summary>
public sealed class FailureFormatException(string message) : HiNetException(message);
