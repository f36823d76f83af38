namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>An invite to accept, and the reader's name for its issuer.</summary>
public sealed record ContactRequest(string Invite, string? Name = null);
