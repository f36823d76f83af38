namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>A new invite.</summary>
/// <param name="Addresses">Addresses to put into it; null or none for those the node listens on.</param>
/// <param name="Uses">How many people can become contacts by it; one when null.</param>
public sealed record InviteRequest(IReadOnlyList<string>? Addresses = null, int? Uses = null);
