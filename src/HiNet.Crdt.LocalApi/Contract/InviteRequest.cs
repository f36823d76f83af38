namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>Addresses to put into an invite; null or none for those the node listens on.</summary>
public sealed record InviteRequest(IReadOnlyList<string>? Addresses = null);
