namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>An address (host:port) to stay linked to.</summary>
public sealed record AddressRequest(string Address);
