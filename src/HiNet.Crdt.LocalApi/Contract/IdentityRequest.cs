namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>Someone: an identity, a unique prefix of one, or a contact's unambiguous name.</summary>
public sealed record IdentityRequest(string Identity);
