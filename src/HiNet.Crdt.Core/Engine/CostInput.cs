namespace HiNet.Crdt.Core.Engine;

/// <summary>How much a machine has to deal with.</summary>
internal readonly record struct CostInput(int Conversations, int Links, int Channels, long Entries, int Heads, long Authority);
