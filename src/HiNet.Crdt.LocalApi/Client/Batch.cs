namespace HiNet.Crdt.LocalApi.Client;

/// <summary>Some items, and what the source failed with behind them.</summary>
internal sealed record Batch(IReadOnlyList<string> Items, Exception? Failure);
