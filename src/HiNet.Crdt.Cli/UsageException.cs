namespace HiNet.Crdt.Cli;

/// <summary>The command line was wrong: exit code 2.</summary>
internal sealed class UsageException(string message) : HiNetException(message);
