namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>What an operation became, durable on the node's disk.</summary>
/// <param name="Id">64 hex digits.</param>
/// <param name="State">queued, stored, delivered or read.</param>
public sealed record SentInfo(string Id, string State);
