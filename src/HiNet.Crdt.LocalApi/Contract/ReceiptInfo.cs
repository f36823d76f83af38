namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>What is known of a message at one other member.</summary>
public sealed record ReceiptInfo(string Identity, bool Delivered, bool Read);
