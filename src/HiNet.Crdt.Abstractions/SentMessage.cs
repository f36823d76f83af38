namespace HiNet.Crdt;

/// <summary>What an operation became: its entry, durable on this node's disk when you hold this.</summary>
public sealed record SentMessage(EntryId Id, MessageState State);
