namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>Who runs here.</summary>
/// <param name="Identity">The person, 64 hex digits.</param>
/// <param name="Name">What they call themselves.</param>
/// <param name="Device">This device's key.</param>
/// <param name="Node">The key shown on links.</param>
/// <param name="Listen">The bound address (host:port), or null when the node does not listen.</param>
public sealed record NodeInfo(string Identity, string Name, string Device, string Node, string? Listen);
