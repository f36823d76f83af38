namespace HiNet.Crdt.Mutation.Running;

/// <summary>A world did not keep what the simulator checks.</summary>
internal sealed class SeedFailedException(string message) : Exception(message);
