namespace HiNet.Crdt.Cli.Demo;

/// <summary>What one node ended with in one conversation.</summary>
internal sealed record DemoState(string Name, string Conversation, long Entries, string StateHash);
