namespace HiNet.Crdt.Cli.Output;

/// <summary>How many messages went in or out.</summary>
internal sealed record EntryCount(long Entries);
