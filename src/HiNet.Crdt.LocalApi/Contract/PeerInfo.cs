namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>A node to which a link is up.</summary>
/// <param name="Node">Its key, 64 hex digits.</param>
/// <param name="Identity">The person whose device was proved on the link, or null.</param>
/// <param name="Name">What the reader calls them, else their own name; null when neither is known.</param>
/// <param name="Address">host:port, or null for a stream such as a pipe.</param>
/// <param name="Direction">out when this node dialled, else in.</param>
/// <param name="Conversations">Ids of those that both are in.</param>
public sealed record PeerInfo(
    string Node, string? Identity, string? Name, string? Address, string Direction, IReadOnlyList<string> Conversations);
