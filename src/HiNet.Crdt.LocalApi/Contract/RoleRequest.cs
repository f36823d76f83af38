namespace HiNet.Crdt.LocalApi.Contract;

/// <summary>A role to give.</summary>
public sealed record RoleRequest(string Role);
